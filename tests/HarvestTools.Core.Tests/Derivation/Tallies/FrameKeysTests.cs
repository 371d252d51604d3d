using CsCheck;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public sealed class FrameKeysTests
{
    private static readonly Gen<(int Task, int Subdir, int Episode, int Frame, int Tag, int Index)> AnyKey =
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 1]);

    [Fact]
    public void Tasks_share_a_frame_where_all_of_the_key_is_equal() => Gen.Select(AnyKey.List[0, 10], AnyKey.List[0, 6]).Sample(static (own, others) =>
    {
        FrameKeys keys = Of(own);
        keys.Merge(Of(others));
        (long tasks, SharedFrame? example) = keys.Find();

        int[][] shared =
        [
            .. own.Concat(others).GroupBy(static key => (key.Subdir, key.Episode, key.Frame, key.Tag, key.Index))
                .Select(static same => same.Select(static key => key.Task).Distinct().Order().ToArray()).Where(static same => same.Length > 1),
        ];
        Assert.Equal(shared.SelectMany(static same => same).Distinct().Count(), tasks);
        if (shared.Length == 0)
        {
            Assert.Null(example);
            return;
        }

        Assert.Equal(shared.Min(static same => (same[0], same[1])), ((int)example!.FirstTask, (int)example.SecondTask));
        Assert.All([example.FirstTask, example.SecondTask], task => Assert.Contains(
            own.Concat(others), key => key.Task == task && example == new SharedFrame(example.FirstTask, example.SecondTask, $"s{key.Subdir}", $"e{key.Episode}", key.Frame)));
    });

    [Fact]
    public void Weeks_are_counted_from_the_first_day_of_the_calendar()
    {
        var weeks = new WorkWeeks();
        weeks.Add((DateTime?)null);
        weeks.Add(new DateTime(1, 1, 8, 0, 0, 0, DateTimeKind.Utc));
        weeks.Add(new DateTime(1, 1, 14, 23, 59, 59, DateTimeKind.Utc));
        weeks.Add(DateTime.MinValue);
        weeks.Add(1);
        Assert.Equal([0, 1], weeks.All);
        Assert.Equal((new DateTime(1, 1, 15), DateTimeKind.Utc), (WorkWeeks.Start(2), WorkWeeks.Start(2).Kind));

        var others = new WorkWeeks();
        others.Add(5);
        others.Merge(weeks);
        Assert.Equal([0, 1, 5], others.All);
    }

    private static FrameKeys Of(IEnumerable<(int Task, int Subdir, int Episode, int Frame, int Tag, int Index)> all)
    {
        var keys = new FrameKeys();
        foreach ((int task, int subdir, int episode, int frame, int tag, int index) in all)
        {
            keys.Add(task, Utf8Text.From($"s{subdir}"), Utf8Text.From($"e{episode}"), frame, Utf8Text.From($"t{tag}"), index);
        }

        return keys;
    }
}

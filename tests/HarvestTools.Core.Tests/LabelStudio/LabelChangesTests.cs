using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>How the tasks of two exports pair up, and tasks that one export has more than once.</summary>
public sealed class LabelChangesTests
{
    [Theory]
    [InlineData("", "", 0, 0, 0, 0)]
    [InlineData("1a 2a", "", 0, 2, 0, 0)]
    [InlineData("", "1a 2a", 2, 0, 0, 0)]
    [InlineData("1a 3a 5a", "2a 3b 4a", 2, 2, 1, 0)]
    [InlineData("2a 3b 4a", "1a 3a 5a", 2, 2, 1, 0)]
    [InlineData("1a 2a 9a", "1a 2b", 0, 1, 1, 1)]
    [InlineData("1a", "1a 7a 8a", 2, 0, 0, 1)]
    [InlineData("1a 1b 1c 1d", "1b 1d 1e", 0, 1, 1, 2)]
    [InlineData("1b 1d 1e", "1a 1b 1c 1d", 1, 0, 1, 2)]
    [InlineData("1a 1a 1b", "1a 1b 1b", 0, 0, 1, 2)]
    [InlineData("_a _b", "_b _c _d", 2, 1, 0, 1)]
    [InlineData("_a 1a", "1a 2a", 1, 1, 0, 1)]
    public void Tasks_pair_up_by_id_equal_ones_first_and_without_an_id_none_became_another(
        string before, string after, long added, long removed, long relabelled, long unchanged) =>
        Assert.Equal(new LabelChanges(added, removed, relabelled, unchanged), LabelChanges.Between(Digests(before), Digests(after)));

    /// <summary>Equal ones of a key cancel out wherever they are, so that what is left really differs.</summary>
    [Theory]
    [InlineData("ka kb", "ka kb", "")]
    [InlineData("kb ka", "kc kb", "ka>kc")]
    [InlineData("ka kb kc", "kc", "ka> kb>")]
    [InlineData("ka", "kb ka kc", ">kb >kc")]
    [InlineData("la ka", "mb kb", "ka>kb la> >mb")]
    [InlineData("ka ka", "ka", "ka>")]
    public void Labels_pair_up_by_key(string before, string after, string pairs)
    {
        static byte[] Text(string item) => Encoding.ASCII.GetBytes(item[1..]);
        IEnumerable<(string? Before, string? After)> found = LabelPairs.Of(Words(before), Words(after), static item => item[..1], Text, Text);
        Assert.Equal(pairs, string.Join(' ', found.Select(static pair => $"{pair.Before}>{pair.After}")));
    }

    [Fact]
    public void A_task_that_is_there_again_with_its_labels_counts_once_and_says_so()
    {
        TaskDigest[] sorted = [.. Digests("_a _a 1a 2a 2a 2a 3a")];
        int repeated = 0;
        Assert.Equal([null, null, 1L, 2L, 3L], RepeatedTasks.LeaveOut(sorted, "e.json", () => repeated++).Select(static task => task.Id));
        Assert.Equal(2, repeated);
        Assert.Equal("ExportTaskRepeated", Assert.Throws<HarvestException>(() => RepeatedTasks.LeaveOut([.. Digests("2a 2b")], "e.json", static () => { }).Count()).ErrorId);
    }

    [Fact]
    public void The_index_has_each_task_once_and_names_two_that_differ_in_the_order_of_the_file()
    {
        const string Labelled = """{"id":5,"annotations":[{"id":1}]}""";
        const string Other = """{"id":5,"annotations":[{"id":2}]}""";
        const string Unlabelled = """{"id":5,"annotations":[]}""";
        TaskIndex index = Index($$"""[{{Labelled}},{"id":9,"annotations":[]},{{Unlabelled}},{{Labelled}},{{Unlabelled}},{"annotations":[{"id":3}]},{"annotations":[{"id":3}]}]""");
        Assert.Equal(
            ["_ labelled", "_ labelled", "5", "5", "5 labelled", "9"],
            index.Tasks.Select(static task => (task.Id is { } id ? $"{id}" : "_") + (task.Labels is null ? "" : " labelled")).Order(StringComparer.Ordinal).OrderBy(static text => text[0] == '_' ? 0 : 1));
        Assert.Equal(index.Tasks, index.Tasks.Order());
        Assert.Empty(Index("[]").Tasks);
        Assert.Equal(7, Index($$"""[{{string.Join(',', Enumerable.Range(0, 7).Select(static i => $$"""{"id":{{i}},"annotations":[]}"""))}}]""", threads: 2).Tasks.Count);

        foreach (string export in new[] { $"[{Labelled},\n{Unlabelled},\n{Other}]", $"[{Other},\n{Unlabelled},\n{Labelled}]" })
        {
            HarvestException differs = Assert.Throws<HarvestException>(() => Index(export));
            Assert.Equal("ExportTaskRepeated", differs.ErrorId);
            Assert.True(differs.Message.IndexOf("line 1", StringComparison.Ordinal) is var first && first >= 0 && first < differs.Message.IndexOf("line 3", StringComparison.Ordinal), differs.Message);
        }

        Assert.Equal("ExportHoldsNoTasks", Assert.Throws<HarvestException>(() => Index("""[{"name":"x"},{"name":"y"}]""")).ErrorId);
    }

    [Fact]
    public void Indexed_tasks_are_in_order_of_ids_and_then_of_bytes()
    {
        IndexedTask[] ordered = [new(null, null, 9, 0, 1), new(-1, null, 3, 0, 1), new(4, null, 1, 9, 1), new(4, null, 2, 0, 1), new(5, null, 0, 0, 1)];
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(ordered[i].CompareTo(ordered[j])));
                Assert.Equal(i < j, ordered[i] < ordered[j]);
                Assert.Equal(i > j, ordered[i] > ordered[j]);
                Assert.Equal(i <= j, ordered[i] <= ordered[j]);
                Assert.Equal(i >= j, ordered[i] >= ordered[j]);
            }
        }
    }

    private static TaskIndex Index(string export, int threads = 1)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
        return TaskIndex.Read(stream, "e.json", threads, null, CancellationToken.None);
    }

    /// <summary>"3b" is task 3 with the labels b, "_b" the same without an id.</summary>
    private static List<TaskDigest> Digests(string tasks) =>
        [.. Words(tasks).Select(static word => TaskDigest.Of(word[0] == '_' ? null : word[0] - '0', default(RawTask), Encoding.ASCII.GetBytes(word[1..]))).Order()];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Rows;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation.Rows;

/// <summary>Rows that another annotator drew, one entry an annotation and episode, whichever worker found them.</summary>
public sealed class OverruledListTests
{
    [Fact]
    public void What_follows_of_one_annotation_and_episode_is_one_entry()
    {
        var list = new OverruledList();
        Add(list, 1, 10, 5, "t", "e", 2);
        Add(list, 1, 10, 5, "t", "e", 3);
        Add(list, 1, 10, 5, "t", "f", 1);
        Add(list, 1, 10, 5, "s", "f", 1);
        Add(list, 2, 10, 5, "s", "f", 1);
        Add(list, 2, 11, 5, "s", "f", 1);
        Add(list, 2, 11, 6, "s", "f", 1);
        Add(list, 2, 11, 6, "s", "f", 4);
        Assert.Equal(
            [
                new(1, 10, 5, "s", "f", 1), new(1, 10, 5, "t", "e", 5), new(1, 10, 5, "t", "f", 1),
                new(2, 10, 5, "s", "f", 1), new(2, 11, 5, "s", "f", 1), new OverruledRows(2, 11, 6, "s", "f", 5),
            ],
            OverruledList.InOrder([list]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_order_does_not_depend_on_who_found_what(bool tasksInOrder)
    {
        (long Task, long? Annotation, long? Annotator, string Subdir, string Episode)[] all =
        [
            (1, null, 7, "t", "e"), (1, 3, null, "t", "e"), (1, 3, 7, "t", "e"), (1, 3, 8, "t", "e"), (1, 4, 7, "s", "e"),
            (1, 4, 7, "t", "a"), (1, 4, 7, "t", "e"), (2, null, null, "t", "e"), (2, 1, 7, "t", "e"),
        ];
        OverruledRows[] expected = [.. all.Select(static one => new OverruledRows(one.Task, one.Annotation, one.Annotator, one.Subdir, one.Episode, 2))];
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            // Each is found by two workers, with others between.
            OverruledList[] lists = [new(), new()];
            foreach (OverruledList list in lists)
            {
                foreach (var one in all.OrderBy(one => tasksInOrder ? one.Task : 0).ThenBy(_ => random.Next()))
                {
                    Add(list, one.Task, one.Annotation, one.Annotator, one.Subdir, one.Episode, 1);
                }
            }

            Assert.Equal(expected, OverruledList.InOrder(lists));
        }
    }

    private static void Add(OverruledList list, long task, long? annotation, long? annotator, string subdir, string episode, long rows) => list.Add(
        task, new Annotation { Id = annotation, AnnotatorId = annotator }, new TaskFields(Utf8Text.From(subdir), Utf8Text.From(episode), 0, default), rows);
}

using HarvestTools.Cache;

namespace HarvestTools.Tests.Cache;

/// <summary>How many tasks two lists share, whatever runs their ids are in.</summary>
public sealed class SharedTasksTests
{
    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 40)]
    [InlineData(50, 400)]
    public void Are_those_that_both_have(int longestRun, int ids)
    {
        var random = new Random(longestRun);
        for (int i = 0; i < 500; i++)
        {
            ListedTask[] one = List(random, longestRun, ids);
            ListedTask[] other = List(random, longestRun, ids);

            Assert.Equal(one.Intersect(other).LongCount(), TaskLists.Shared(one, other));
        }
    }

    [Fact]
    public void Of_one_id_with_several_labels_are_those_with_the_same()
    {
        ListedTask[] one = [new(7, 1), new(7, 2), new(7, 4), new(9, 1)];
        ListedTask[] other = [new(6, 1), new(7, 0), new(7, 2), new(7, 4), new(8, 1), new(9, 2)];

        Assert.Equal(2, TaskLists.Shared(one, other));
        Assert.Equal(2, TaskLists.Shared(other, one));
    }

    /// <summary>Ids in runs, as projects have them that are imported in turn.</summary>
    private static ListedTask[] List(Random random, int longestRun, int ids)
    {
        var tasks = new List<ListedTask>();
        for (long id = random.Next(longestRun); id < ids; id += random.Next(1, longestRun + 1))
        {
            for (int left = random.Next(1, longestRun + 1); left > 0 && id < ids; left--, id++)
            {
                tasks.Add(new ListedTask(id, (ulong)random.Next(2)));
            }
        }

        return [.. tasks];
    }
}

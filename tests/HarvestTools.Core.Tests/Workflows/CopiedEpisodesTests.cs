using HarvestTools.Derivation.Tallies;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Workflows;

/// <summary>Which episodes two projects have with the same labels, by what was counted of them.</summary>
public sealed class CopiedEpisodesTests
{
    private static (string, Tally) Part(string project, params (string Episode, int Digest, long Made)[] episodes)
    {
        var tally = new Tally();
        foreach ((string episode, int digest, long made) in episodes)
        {
            tally.EpisodeOf("s"u8, System.Text.Encoding.UTF8.GetBytes(episode)).Add(new Digest128(0, (ulong)digest), made, 10);
        }

        return (project, tally);
    }

    [Fact]
    public void Two_projects_are_named_once_with_how_many_episodes_both_have() => Assert.Equal(
        [("a", "b", 2L), ("a", "c", 1), ("b", "c", 1)],
        CopiedEpisodes.Find([Part("a", ("e1", 1, 3), ("e2", 2, 3)), Part("b", ("e3", 3, 1), ("e2", 2, 3), ("e1", 1, 3)), Part("c", ("e3", 3, 1), ("e1", 1, 3))]));

    [Fact]
    public void Only_the_same_labels_of_the_same_episode_that_people_made_are_a_copy() => Assert.Empty(CopiedEpisodes.Find(
    [
        Part("a", ("e1", 1, 3), ("e2", 2, 3), ("e3", 3, 0)),
        Part("b", ("e1", 9, 3), ("e2", 7, 3), ("e3", 3, 0), ("other", 1, 3)),
        Part("a", ("e1", 1, 3)),
    ]));

    [Fact]
    public void Two_exports_of_a_project_are_one_side() => Assert.Equal(
        [("a", "b", 2L)], CopiedEpisodes.Find([Part("a", ("e1", 1, 3)), Part("a", ("e2", 2, 3)), Part("b", ("e1", 1, 3), ("e2", 2, 3))]));

    [Fact]
    public void Long_names_are_compared_whole()
    {
        string name = new('x', 1000);
        Assert.Equal([("a", "b", 1L)], CopiedEpisodes.Find([Part("a", (name, 1, 3), (name + "y", 2, 3)), Part("b", (name, 1, 3), (name + "z", 2, 3))]));
    }
}

using HarvestTools.Rules;

namespace HarvestTools.Tests.Errors;

public sealed class NearestNameTests
{
    private static readonly string[] s_rules = [.. HarvestRules.Default.ToJson().Select(static rule => rule.Key)];

    [Theory]
    [InlineData("min_pixel", "min_pixel_agreement")]
    [InlineData("min_pixel_agrement", "min_pixel_agreement")]
    [InlineData("boundary", "boundary_frames")]
    [InlineData("Prefer", "prefer_ground_truth")]
    [InlineData("consenus", "consensus")]
    public void The_rule_that_was_meant_is_found(string name, string meant)
    {
        Assert.Equal(meant, NearestName.Find(name, s_rules));
        Assert.Equal(meant, NearestName.Near(name, s_rules));
    }

    [Theory]
    [InlineData("v9", null, "v1", "v2", "v3")]
    [InlineData("v9", null, "v1")]
    [InlineData("V1", "v1", "v1", "v2")]
    [InlineData("v12", null, "v1", "v2")]
    [InlineData("v12", "v1", "v1", "b2")]
    [InlineData("hands", "hand", "hand", "handobject", "body")]
    public void Of_several_that_are_equally_near_none_is_suggested(string name, string? meant, params string[] known) =>
        Assert.Equal(meant, NearestName.Near(name, known));

    [Theory]
    [InlineData("ep99", new string[0], "ep1", "ep2", "ep3", "ep4", "ep5", "ep6")]
    [InlineData("v9", new string[0], "v1", "v2", "v3", "v4")]
    [InlineData("v9", new string[0], "v1")]
    [InlineData("V1", new[] { "v1" }, "v1", "v2")]
    [InlineData("ep12", new[] { "ep1", "ep2", "ep_12" }, "ep1", "ep2", "ep_12", "other")]
    [InlineData("hnad", new[] { "hand" }, "hand", "foot")]
    [InlineData("ad", new[] { "add" }, "add", "init", "go")]
    [InlineData("episode_00", new[] { "episode_0001", "episode_0002" }, "episode_0001", "episode_0002", "x")]
    public void A_few_that_are_equally_near_are_all_named_and_many_are_not(string name, string[] few, params string[] known)
    {
        Assert.Equal(few, NearestName.Few(name, known));
        Assert.Equal(few.Length == 0, NearestName.Question(name, known).Length == 0);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("keypoints")]
    public void A_far_fetched_one_is_not_near(string name) => Assert.Null(NearestName.Near(name, s_rules));
}

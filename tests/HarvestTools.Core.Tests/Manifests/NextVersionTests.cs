using HarvestTools.Manifests;

namespace HarvestTools.Tests.Manifests;

/// <summary>The version after another one.</summary>
public sealed class NextVersionTests
{
    [Theory]
    [InlineData(null, "", "v1")]
    [InlineData("v3", "v3", "v4")]
    [InlineData("v9", "v9,v10", "v11")]
    [InlineData("v3", "v3,V4", "v5")]
    [InlineData("week-09", "", "week-10")]
    [InlineData("v007", "", "v008")]
    [InlineData("v99", "", "v100")]
    [InlineData("2026-05-hands", "", "2026-06-hands")]
    [InlineData("base", "base", "base-2")]
    [InlineData("base", "base,base-2", "base-3")]
    [InlineData("v340282366920938463463374607431768211455", "", "v340282366920938463463374607431768211456")]
    public void Follows_the_numbering_to_the_next_free_one(string? version, string taken, string expected) =>
        Assert.Equal(expected, NextVersion.After(version, taken.Split(',', StringSplitOptions.RemoveEmptyEntries)));
}

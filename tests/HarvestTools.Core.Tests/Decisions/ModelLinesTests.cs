using HarvestTools.Decisions.Statistics;

namespace HarvestTools.Tests.Decisions;

public sealed class ModelLinesTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> None = [];

    [Theory]
    [InlineData("v3", "")]
    [InlineData("3", "")]
    [InlineData("2026-05-11", "")]
    [InlineData("2026-05-11T14:32:00Z", "")]
    [InlineData("hand_kp-v3", "hand_kp")]
    [InlineData("hand_kp/v3.1", "hand_kp")]
    [InlineData("hand-keypoint@v2.0-rc1", "hand-keypoint")]
    [InlineData("yolov8-v2", "yolov8")]
    [InlineData("hand7", "hand")]
    [InlineData("action-2026-05-11-final", "action")]
    [InlineData("3f2a91c", "3f2a91c")]
    public void What_is_before_the_version_names_the_model(string version, string stem) => Assert.Equal(stem, ModelLines.StemText(version));

    [Fact]
    public void One_model_in_one_project_needs_no_name()
    {
        Assert.All(Of(("v1", "p"), ("v2", "p"), ("final", "p")), static line => Assert.Equal("", line));
        Assert.All(Of(("hand-v1", "p"), ("hand-final", "p")), static line => Assert.Equal("", line));
    }

    [Fact]
    public void Models_are_told_by_names_and_by_projects()
    {
        Assert.Equal(["hand", "action", "hand"], Of(("hand-v1", "p"), ("action-v1", "p"), ("hand-v2", "p")));
        Assert.Equal(["a", "b", "a", "b"], Of(("v1", "a"), ("v1", "b"), ("v2", "a"), ("v2", "b")));
        Assert.Equal(["hand in a", "hand in b", "action"], Of(("hand-v1", "a"), ("hand-v2", "b"), ("action-v1", "b")));
    }

    [Fact]
    public void What_shares_no_name_with_others_of_its_project_is_not_known()
    {
        Assert.Equal(["?", "?", "?"], Of(("best", "p"), ("3f2a91c", "p"), ("v1", "p")).Select(static line => line == "p" ? "p" : "?"));
        Assert.Equal(["?", "?", "hand"], Of(("abc", "a"), ("def", "a"), ("hand-v1", "b")));
        Assert.Equal(["abc", "hand"], Of(("abc", "a"), ("hand-v1", "b")));
    }

    [Fact]
    public void Harvest_json_and_registered_names_come_first()
    {
        var lines = new Dictionary<string, IReadOnlyList<string>> { ["hand"] = ["best", "hand*"], ["all"] = ["v?"] };
        Assert.Equal(["hand", "hand", "all", "all"], Of(lines, [], ("best", "p"), ("hand-v1", "p"), ("v1", "a"), ("v2", "b")));
        Assert.Equal(["hand", "hand-left", "hand"], Of(None, ["hand"], ("hand-v1", "p"), ("hand-left-v1", "p"), ("hand-v2", "p")));
        Assert.Equal(["", ""], Of(None, ["hand-v1", "hand-v2"], ("hand-v1-20260105", "p"), ("hand-v2-20260112", "p")));
        Assert.Equal(["", ""], Of(None, ["hand-v1"], ("hand-v1.3", "p"), ("hand-v2.0", "p")));
        Assert.Equal(["hand", "hand", "action"], Of(None, ["hand"], ("hand-v1-lr0.1", "p"), ("hand-a1b2c3x", "p"), ("action-v1", "p")));
        Assert.Equal(["hand2", "hand3", "hand2"], Of(None, ["hand2", "hand3"], ("hand2-v1", "p"), ("hand3-v1", "p"), ("hand2-v2", "p")));
    }

    [Fact]
    public void Of_several_names_that_a_version_begins_with_the_longest_is_its_models()
    {
        Assert.Equal(["hand-left", "hand"], Of(None, ["hand", "hand-left"], ("hand-left-a1b2c3x", "p"), ("hand-v1", "p")));
        Assert.Equal(["hand-left", "hand-left", "hand"], Of(("hand-left-abcx", "p"), ("hand-left-v1", "p"), ("hand-v1", "p")));
        Assert.Equal(["hand", "hand", "foot"], Of(("hand-abcx", "p"), ("hand-v1", "p"), ("foot-v1", "p")));
    }

    [Fact]
    public void A_name_begins_another_only_up_to_a_separator()
    {
        Assert.Equal(["?", "?"], Of(("handle", "p"), ("hand-v1", "p")));
        Assert.Equal(["resnet50", "foot"], Of(None, ["resnet50"], ("resnet50-abcx", "p"), ("foot-v1", "p")));
        Assert.Equal(["hand", "hand", "foot"], Of(("hand7", "p"), ("hand8", "p"), ("foot1", "p")));
    }

    [Fact]
    public void A_version_without_a_name_gives_no_other_one()
    {
        Assert.Equal(["?", "?"], Of(("abc", "p"), ("v1", "p")));
        Assert.Equal(["?", "?"], Of(None, ["v3"], ("_draft", "p"), ("v1", "p")));
        Assert.Equal(["_abcx", "(unnamed)"], Of(("_abcx", "a"), ("v1", "b")));
        Assert.Equal(["(unnamed)", "hand"], Of(("v1", "a"), ("hand-v1", "b")));
    }

    [Fact]
    public void Patterns_of_harvest_json_go_by_case() =>
        Assert.Equal(["hand", "h", "x"], Of(new Dictionary<string, IReadOnlyList<string>> { ["h"] = ["Hand*"] }, [], ("hand-v1", "p"), ("Hand-v1", "p"), ("x-v1", "p")));

    private static string[] Of(params (string Version, string Project)[] used) => Of(None, [], used);

    private static string[] Of(Dictionary<string, IReadOnlyList<string>> patterns, string[] registered, params (string Version, string Project)[] used)
    {
        Dictionary<string, IReadOnlySet<string>> versions = used.GroupBy(static one => one.Version)
            .ToDictionary(static one => one.Key, static one => (IReadOnlySet<string>)one.Select(static pair => pair.Project).ToHashSet());
        IReadOnlyDictionary<(string, string), (string? Line, bool Unknown)> found = ModelLines.Of(versions, registered, patterns);
        return [.. used.Select(one => found[one]).Select(static line => line.Unknown ? "?" : line.Line ?? "")];
    }
}

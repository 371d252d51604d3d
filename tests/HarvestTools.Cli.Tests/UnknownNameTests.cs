using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A name that nothing has is an error in every command that takes one, with the name that was most likely meant.</summary>
public sealed class UnknownNameTests
{
    // The command with ? in the place of the name, a name that is nearly right, the right one, the error.
    private static readonly (string Command, string Near, string Right, string Id)[] s_commands =
    [
        ("show ?", "base-lime", "base-line", "SliceNotFound"),
        ("build ?", "base-lime", "base-line", "SliceNotFound"),
        ("check ?", "base-lime", "base-line", "SliceNotFound"),
        ("check --quick ?", "base-lime", "base-line", "SliceNotFound"),
        ("impact ?", "base-lime", "base-line", "SliceNotFound"),
        ("source ?", "base-lime", "base-line", "SliceNotFound"),
        ("register ? m s3://bucket/m.pt", "base-lime", "base-line", "SliceNotFound"),
        ("diff ? v1", "base-lime", "base-line", "SliceNotFound"),
        ("diff v1 ?", "base-lime", "base-line", "SliceNotFound"),
        ("new v5 --parent ?", "base-lime", "base-line", "SliceNotFound"),
        ("pin-eval harvest.json --slice ?", "base-lime", "base-line", "SliceNotFound"),
        ("bisect --metric pck --good ?", "base-lime", "base-line", "SliceNotFound"),
        ("bisect --metric pck --bad ?", "base-lime", "base-line", "SliceNotFound"),
        ("bisect --metric ?", "pcc", "pck", "MetricUnknown"),
        ("bisect --metric pck --model ?", "hand_keypiont", "hand_keypoint", "ModelNotRegistered"),
        ("source --model ?", "hand_keypiont", "hand_keypoint", "ModelUnknown"),
        ("source --episode ?", "epp4", "ep4", "EpisodeUnknown"),
        ("exports --project ?", "kitchn", "kitchen", "ProjectNotFound"),
        ("new v5 --export ?", "kitchn", "kitchen", "ExportUnknown"),
        ("new v5 --set ?=1", "min_pixel_agrement", "min_pixel_agreement", "UnknownKey"),
        ("impact --set ?=1", "min_pixel_agrement", "min_pixel_agreement", "UnknownKey"),
        ("diff v1 base-line --rows --table ?", "keypoint", "keypoints", "TableUnknown"),
        ("completion ?", "bsh", "bash", "CommandLineInvalid"),
    ];

    [Fact]
    public void The_name_that_was_meant_is_suggested_and_a_far_fetched_one_is_not()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/kitchen.json", SmallExport.Actions(tasks: 3).Replace("\"project\":11", "\"project\":31", StringComparison.Ordinal).Replace("[\"pour\"]", "[\"stir\"]", StringComparison.Ordinal));
        scratch.Run("add", "exports/kitchen.json", "--project", "kitchen", "-q").Exits(0);
        scratch.Run("new", "base-line", "--export", "b", "-q").Exits(0);
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "--metric", "pck=0.91", "-q").Exits(0);

        Assert.All(s_commands, command =>
        {
            Assert.Contains($"{command.Right}", Message(scratch, command.Command, command.Near, command.Id), StringComparison.Ordinal);
            Assert.DoesNotContain("Did you mean", Message(scratch, command.Command, "qqqqqqqqq", command.Id), StringComparison.Ordinal);
        });

        // Half of it would be another name.
        Assert.Equal("There is no slice 'v9'.", Message(scratch, "show ?", "v9", "SliceNotFound"));
        Assert.Equal(["base-line", "v1"], scratch.Run("slices", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("slice_version").GetString()!));
    }

    private static string Message(ScratchFolder scratch, string command, string name, string id)
    {
        HarvestResult result = scratch.Run([.. command.Split(' ').Select(word => word.Replace("?", name, StringComparison.Ordinal)), "--json"]);
        Assert.InRange(result.Exit, 2, 3);
        JsonElement error = Assert.Single(result.Document().GetProperty("errors").EnumerateArray());
        Assert.Equal((command, id), (command, error.GetProperty("id").GetString()));
        Assert.False(string.IsNullOrEmpty(error.GetProperty("remedy").GetString()));
        return error.GetProperty("message").GetString()!;
    }
}

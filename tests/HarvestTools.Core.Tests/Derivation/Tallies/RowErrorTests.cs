using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation;

/// <summary>What cannot become rows is an error that says where, what and what to do.</summary>
public sealed class RowErrorTests
{
    private static readonly TaskPlace Task = new("a.json", 3, 99, 5, 7);

    [Fact]
    public void Each_says_the_place_and_what_is_there()
    {
        (HarvestException Error, string Message)[] errors =
        [
            (RowErrors.TaskWithoutId(Task with { TaskId = null }), "a.json, line 5, byte 99 (task 3): the task is labelled but has no id."),
            (RowErrors.FrameNotInteger(Task, "data.frame", "zwei", fits: true), "a.json, line 5, byte 99 (task 3, id 7): data.frame gives the frame \"zwei\", which is not an integer."),
            (RowErrors.FrameNotInteger(Task, "data.frame", "1e99", fits: false), "a.json, line 5, byte 99 (task 3, id 7): data.frame gives the frame \"1e99\", which is beyond the range of a 64-bit integer."),
            (RowErrors.MappingFoundNothing("a.json", "episode", new FieldSource("data.ep"), 3, "image, frame"), "a.json: the field \"episode\" is mapped to data.ep, which no labelled task of the export has. The data of task 3 has: image, frame."),
            (RowErrors.MappingFoundNothing("a.json", "episode", new FieldSource("data.ep", "(.*)"), 3, "image"), "a.json: the field \"episode\" is mapped to data.ep matching (.*), which no labelled task of the export has. The data of task 3 has: image."),
            (RowErrors.TooManyFrames(Task, "r", 12, 10), "a.json, line 5, byte 99 (task 3, id 7): with region \"r\" the task's segments and tracks cover 12 frames; at most 10 a task can be derived."),
            (RowErrors.MatchTookTooLong(Task, "frame", "(.*)*"), "a.json, line 5, byte 99 (task 3, id 7): the pattern (.*)* of the field \"frame\" took longer than a second."),
            (RowErrors.AttributeUnusable(Task, "r", "a number out of range"), "a.json, line 5, byte 99 (task 3, id 7): a choice, text or number of region \"r\" has a number out of range."),
        ];
        Assert.All(errors, static error =>
        {
            Assert.Equal((error.Message, HarvestFault.InvalidData), (error.Error.Message, error.Error.Fault));
            Assert.True(string.Concat(error.Error.Remedy.Texts).Length > 20);
        });
        Assert.Contains("\"episode\"", string.Concat(errors[3].Error.Remedy.Texts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task_subdir", "data.other")]
    [InlineData("episode", "data.other")]
    [InlineData("frame", "data.other")]
    [InlineData("objects.front", "data.other")]
    public void A_mapping_to_what_no_task_has_is_refused_and_the_default_is_not(string field, string from)
    {
        FieldMapping fields = field switch
        {
            "task_subdir" => FieldMapping.Default with { TaskSubdir = new FieldSource(from) },
            "episode" => FieldMapping.Default with { Episode = new FieldSource(from) },
            "frame" => FieldMapping.Default with { Frame = new FieldSource(from) },
            _ => FieldMapping.Default with { Objects = new Dictionary<string, string> { ["front"] = from } },
        };
        var tally = new Tally();
        tally.RequireMappingsFound(fields, "a.json");
        tally.SetFirstData(3, "image");
        tally.NoteMappedTag("front", found: false);
        tally.RequireMappingsFound(FieldMapping.Default, "a.json");
        HarvestException refused = Assert.Throws<HarvestException>(() => tally.RequireMappingsFound(fields, "a.json"));
        Assert.StartsWith($"a.json: the field \"{field}\" is mapped to {from}, ", refused.Message, StringComparison.Ordinal);

        // Once is enough, in any task and in any order of merging.
        var found = new Tally();
        found.NoteMappedTag("front", found: true);
        found.NoteMappedTag("front", found: false);
        (found.TaskSubdir.Mapped, found.Episode.Mapped, found.Frame.Mapped) = (1, 1, 1);
        tally.Merge(found);
        tally.RequireMappingsFound(fields, "a.json");
        found.Merge(tally);
        found.RequireMappingsFound(fields, "a.json");
    }
}

using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Tests.Derivation;

/// <summary>What notes say of one and of several.</summary>
public sealed class TallyNoteTests
{
    [Fact]
    public void A_tally_without_anything_odd_has_no_note() => Assert.Empty(new Tally().Notes);

    [Theory]
    [InlineData(1, "UnknownMedia", true, "1 medium of tasks with several is not known by the object tag, so the column media is null there")]
    [InlineData(2, "UnknownMedia", true, "2 media of tasks with several are not known by the object tag, so the column media is null there")]
    [InlineData(1, "UnknownLabels", true, "1 label of regions is not in the labeling configuration, for example c: l")]
    [InlineData(2, "UnknownLabels", true, "2 labels of regions are not in the labeling configuration, for example c: l")]
    [InlineData(2, "SharedFrames", true, "2 tasks share task_subdir, episode and frame by their paths, for example tasks 3 and 4 with \"s\", \"e\", frame 5")]
    [InlineData(1, "SizeConflicts", true, "annotators have different sizes of 1 image, which their regions cannot be compared by")]
    [InlineData(1, "RepeatedTasks", false, "1 task in the export twice, counted once with the labels that it has")]
    [InlineData(2, "RepeatedTasks", false, "2 tasks in the export twice, counted once with the labels that they have")]
    [InlineData(1, "RepeatedAnnotations", false, "1 annotation in a task twice, counted once")]
    [InlineData(2, "OutOfRange", false, "2 regions out of range, kept as they are")]
    [InlineData(1, "UnknownSizes", false, "1 region without an original size, whose pixel columns are null")]
    public void Each_note_says_how_many_and_what(int count, string kind, bool warning, string message)
    {
        TallyNote note = Assert.Single(Of(count, kind).Notes);
        Assert.Equal((kind, count, message, warning), (note.Kind, (int)note.Count, note.Message, note.IsWarning));

        // What is a warning can be mended, and by what.
        Assert.Equal(warning, note.Remedy.Texts.Any(static text => text.Length > 10));
        Assert.Equal(
            kind switch
            {
                "UnknownMedia" => [nameof(RemedyAction.AddExport), "harvest.fields.objects { \"TAG\": \"data.KEY\" }"],
                "UnknownLabels" => [nameof(RemedyAction.AddExport)],
                "SharedFrames" => ["harvest.fields.episode { \"from\": \"data.KEY\" }"],
                _ => Array.Empty<string>(),
            },
            note.Remedy.Actions.Select(static action => action is RemedyAction.EditSetting edit ? $"{edit.Key} {edit.Value}" : action.GetType().Name));
    }

    [Fact]
    public void The_most_important_comes_first()
    {
        string[] kinds = ["UnknownMedia", "UnknownLabels", "SharedFrames", "SizeConflicts", "RepeatedTasks", "RepeatedAnnotations", "OutOfRange", "UnknownSizes"];
        var all = new Tally();
        Array.ForEach(kinds, kind => all.Merge(Of(3, kind)));
        Assert.Equal(kinds, all.Notes.Select(static note => note.Kind));
    }

    private static Tally Of(int count, string kind)
    {
        var tally = new Tally();
        switch (kind)
        {
            case "UnknownMedia":
                tally.UnknownMedia = count;
                break;
            case "UnknownLabels":
                tally.AddUnknownLabels(count, "c: l");
                break;
            case "SharedFrames":
                (tally.SharedFrames, tally.SharedFrame) = (count, new SharedFrame(3, 4, "s", "e", 5));
                break;
            case "SizeConflicts":
                tally.SizeConflicts = count;
                break;
            case "RepeatedTasks":
                tally.RepeatedTasks = count;
                break;
            case "RepeatedAnnotations":
                tally.RepeatedAnnotations = count;
                break;
            case "OutOfRange":
                tally.OutOfRange = count;
                break;
            default:
                tally.UnknownSizes = count;
                break;
        }

        return tally;
    }
}

using System.Globalization;
using HarvestTools.Derivation.Tallies;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Tasks and annotations that a file has twice.</summary>
public sealed class RepeatKindTests
{
    private static readonly string s_first = Task("7", Image, Annotation("70", "1", Box("a", "img"), Point("b", "img")));

    [Fact]
    public void An_equal_task_counts_once_wherever_it_is()
    {
        string other = Task("8", Image.Replace("12", "13", StringComparison.Ordinal), Annotation("80", "1", Box("a", "img")));
        using KindSlice once = KindSlice.Of(Export(s_first, other));
        using KindSlice thrice = KindSlice.Of(Export(s_first, other, s_first, s_first.Replace("\"x\":10,", "\"x\": 10.0,", StringComparison.Ordinal)));

        Assert.Equal(once.Added.LabelSha256, thrice.Added.LabelSha256);
        Assert.Equal(once.Hashes(), thrice.Hashes());
        Assert.Equal((2L, 2L, 2L), (thrice.Tally.RepeatedTasks, thrice.Tally.Tasks, thrice.Tally.Annotations));
        TallyNote note = Assert.Single(thrice.Tally.Notes);
        Assert.Equal((TallyNoteKind.RepeatedTasks, 2L, false), (note.Kind, note.Count, note.IsWarning));
    }

    [Fact]
    public void An_equal_annotation_counts_once()
    {
        string annotation = Annotation("70", "1", Box("a", "img"));
        string copy = annotation.Replace("\"lead_time\"", "", StringComparison.Ordinal).Replace(",\"ground_truth\"", ", \"lead_time\":9,\"ground_truth\"", StringComparison.Ordinal);
        using KindSlice once = KindSlice.Of(Export(Task("7", Image, annotation)));
        using KindSlice twice = KindSlice.Of(Export(Task("7", Image, annotation, copy)));

        Assert.Equal(once.Added.LabelSha256, twice.Added.LabelSha256);
        Assert.Equal(once.Hashes(), twice.Hashes());
        Assert.Equal(1, twice.Tally.RepeatedAnnotations);
        Assert.Equal(TallyNoteKind.RepeatedAnnotations, Assert.Single(twice.Tally.Notes).Kind);
    }

    [Theory]
    [InlineData("\"cup\"", "\"glass\"")]
    [InlineData("\"completed_by\":1", "\"completed_by\":2")]
    [InlineData("\"id\":70", "\"id\":71")]
    [InlineData("frame_0012", "frame_0013")]
    [InlineData("\"was_cancelled\":false", "\"was_cancelled\":true")]
    public void A_task_that_differs_is_refused_with_both_places(string before, string after)
    {
        string export = Export(s_first, Task("8", Image, Annotation("80", "1", Box("a", "img"))), s_first.Replace(before, after, StringComparison.Ordinal));

        HarvestException error = KindSlice.Refused(export);

        Assert.Equal(("ExportTaskRepeated", HarvestFault.InvalidData), (error.ErrorId, error.Fault));
        Assert.Contains("task 7 twice", error.Message, StringComparison.Ordinal);
        int second = export.LastIndexOf("{\"id\":7,", StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"at line 1, byte 1 and at line {1 + export[..second].Count(static c => c == '\n')}, byte {second}"),
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotation_that_differs_is_refused_with_both_places()
    {
        string export = Export(Task("7", Image, Annotation("70", "1", Box("a", "img")), Annotation("70", "1", Box("a", "img", x: 11))));

        HarvestException error = KindSlice.Refused(export);

        int first = export.IndexOf("{\"id\":70", StringComparison.Ordinal);
        int second = export.LastIndexOf("{\"id\":70", StringComparison.Ordinal);
        Assert.Equal(("ExportAnnotationRepeated", HarvestFault.InvalidData), (error.ErrorId, error.Fault));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"line 2, byte {second} (task 1, id 7)"), error.Message, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"the first is at byte {first}"), error.Message, StringComparison.Ordinal);
    }
}

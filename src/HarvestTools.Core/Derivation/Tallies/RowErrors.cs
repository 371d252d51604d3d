using System.Globalization;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Tallies;

/// <summary>The errors of deriving rows from tasks; each factory's name is the error's id.</summary>
internal static class RowErrors
{
    public static HarvestException TaskWithoutId(TaskPlace task) => new(
        nameof(TaskWithoutId),
        HarvestFault.InvalidData,
        $"{task}: the task is labelled but has no id.",
        "Use Label Studio's JSON export; files meant for import carry no task ids.",
        task.FileName);

    /// <param name="task">Where.</param>
    /// <param name="from">The mapped place.</param>
    /// <param name="value">What is there.</param>
    /// <param name="fits">False for an integer of more than 64 bits.</param>
    public static HarvestException FrameNotInteger(TaskPlace task, string from, string value, bool fits) => new(
        nameof(FrameNotInteger),
        HarvestFault.InvalidData,
        $"{task}: {from} gives the frame \"{value}\", which is {(fits ? "not an integer" : "beyond the range of a 64-bit integer")}.",
        "Point the field \"frame\" in harvest.json at a number, or give it a \"match\" whose first group is the digits.",
        task.FileName);

    public static HarvestException MappingFoundNothing(string file, string field, FieldSource source, long ordinal, string keys) => new(
        nameof(MappingFoundNothing),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{file}: the field \"{field}\" is mapped to {Describe(source)}, which no labelled task of the export has. The data of task {ordinal} has: {keys}."),
        $"Correct \"{field}\" under harvest.fields in harvest.json.",
        source.From);

    public static HarvestException TooManyFrames(TaskPlace task, string region, long frames, long limit) => new(
        nameof(TooManyFrames),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{task}: with region \"{region}\" the task's segments and tracks cover {frames} frames; at most {limit} a task can be derived."),
        "Check the region's frames and the video's framesCount; a real video of this length must be split into several tasks.",
        task.FileName);

    public static HarvestException MatchTookTooLong(TaskPlace task, string field, string pattern) => new(
        nameof(MatchTookTooLong),
        HarvestFault.InvalidData,
        $"{task}: the pattern {pattern} of the field \"{field}\" took longer than a second.",
        "Use a simpler pattern for the field in harvest.json.",
        task.FileName);

    public static HarvestException AttributeUnusable(TaskPlace task, string region, string what) => new(
        nameof(AttributeUnusable),
        HarvestFault.InvalidData,
        $"{task}: a choice, text or number of region \"{region}\" has {what}.",
        "Correct the value in Label Studio and export again.",
        task.FileName);

    private static string Describe(FieldSource source) =>
        source.Match is null ? source.From : $"{source.From} matching {source.Match}";
}

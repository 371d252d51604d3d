using System.Globalization;

namespace HarvestTools.Filtering;

/// <summary>The errors of rules, field mappings and derivation.</summary>
internal static class FilteringErrors
{
    public static HarvestException TaskWithoutId(long ordinal, long line, long byteOffset) => new(
        nameof(TaskWithoutId),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The labelled task number {ordinal} (line {line}, byte {byteOffset}) has no id."),
        "Use Label Studio's JSON export; files meant for import carry no task ids.",
        ordinal);

    public static HarvestException FrameNotInteger(long taskId, string from, string value) => new(
        nameof(FrameNotInteger),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"Task {taskId}: {from} gives the frame \"{value}\", which is not an integer."),
        "Point the field \"frame\" in harvest.json at a number, or give it a \"match\" whose first group is the digits.",
        taskId);

    public static HarvestException MappingFoundNothing(string field, FieldSource source, long ordinal, string keys) => new(
        nameof(MappingFoundNothing),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The field \"{field}\" is mapped to {Describe(source)}, which no labelled task of the export has. The data of task number {ordinal} has: {keys}."),
        $"Correct \"{field}\" under harvest.fields in harvest.json.",
        source.From);

    public static HarvestException TooManyFrames(long taskId, string region, long frames, long limit) => new(
        nameof(TooManyFrames),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"Task {taskId}: with region \"{region}\" its segments and tracks cover {frames} frames; at most {limit} a task can be derived."),
        "Check the region's frames and the video's framesCount; a real video of this length must be split into several tasks.",
        taskId);

    public static HarvestException MatchTookTooLong(long taskId, string field, string pattern) => new(
        nameof(MatchTookTooLong),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"Task {taskId}: the pattern {pattern} of the field \"{field}\" took longer than a second."),
        "Use a simpler pattern for the field in harvest.json.",
        taskId);

    private static string Describe(FieldSource source) =>
        source.Match is null ? source.From : $"{source.From} matching {source.Match}";
}

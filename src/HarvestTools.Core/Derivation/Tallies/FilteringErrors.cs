using System.Globalization;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Tallies;

/// <summary>The errors of rules, field mappings and derivation.</summary>
internal static class FilteringErrors
{
    public static HarvestException UnknownRule(string name, string? nearest, IReadOnlyList<string> known) => new(
        nameof(UnknownRule),
        HarvestFault.InvalidData,
        $"There is no harvest rule \"{name}\".",
        Suggest(nearest, known),
        name);

    public static HarvestException RuleOutOfRange(string name, string value, string allowed) => new(
        nameof(RuleOutOfRange),
        HarvestFault.InvalidData,
        $"The harvest rule \"{name}\" cannot be {value}; it takes {allowed}.",
        $"Set \"{name}\" to {allowed}.",
        name);

    public static HarvestException UnknownSetting(string place, string name, string? nearest, IReadOnlyList<string> known) => new(
        nameof(UnknownSetting),
        HarvestFault.InvalidData,
        $"There is no setting \"{name}\" under {place}.",
        Suggest(nearest, known),
        name);

    public static HarvestException WrongType(string place, string value, string expected) => new(
        nameof(WrongType),
        HarvestFault.InvalidData,
        $"{place} is {value} where {expected} is expected.",
        $"Set {place} to {expected}.",
        place);

    public static HarvestException BadHarvestVersion(string version) => new(
        nameof(BadHarvestVersion),
        HarvestFault.InvalidData,
        $"\"{version}\" is not a harvest version.",
        "Write a name, @v and three numbers, for example harvest@v1.4.2.",
        version);

    public static HarvestException BadFieldSource(string place, string from) => new(
        nameof(BadFieldSource),
        HarvestFault.InvalidData,
        $"{place} takes its value from \"{from}\", which is no place in a task's data.",
        "Write data and the keys below it, separated by points, for example data.episode.",
        from);

    public static HarvestException BadPattern(string place, string pattern, Exception inner) => new(
        nameof(BadPattern),
        HarvestFault.InvalidData,
        $"{place} matches {pattern}, which is not a usable regular expression.",
        "Use .NET's regular expressions without lookaround and backreferences; the first group is the value.",
        pattern,
        inner);

    public static HarvestException TaskWithoutId(LabelTask task) => new(
        nameof(TaskWithoutId),
        HarvestFault.InvalidData,
        $"{Place(task)}: the task is labelled but has no id.",
        "Use Label Studio's JSON export; files meant for import carry no task ids.",
        task.FileName);

    public static HarvestException FrameNotInteger(LabelTask task, string from, string value) => new(
        nameof(FrameNotInteger),
        HarvestFault.InvalidData,
        $"{Place(task)}: {from} gives the frame \"{value}\", which is not an integer.",
        "Point the field \"frame\" in harvest.json at a number, or give it a \"match\" whose first group is the digits.",
        task.FileName);

    public static HarvestException MappingFoundNothing(string file, string field, FieldSource source, long ordinal, string keys) => new(
        nameof(MappingFoundNothing),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{file}: the field \"{field}\" is mapped to {Describe(source)}, which no labelled task of the export has. The data of task {ordinal} has: {keys}."),
        $"Correct \"{field}\" under harvest.fields in harvest.json.",
        source.From);

    public static HarvestException TooManyFrames(LabelTask task, string region, long frames, long limit) => new(
        nameof(TooManyFrames),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{Place(task)}: with region \"{region}\" the task's segments and tracks cover {frames} frames; at most {limit} a task can be derived."),
        "Check the region's frames and the video's framesCount; a real video of this length must be split into several tasks.",
        task.FileName);

    public static HarvestException MatchTookTooLong(LabelTask task, string field, string pattern) => new(
        nameof(MatchTookTooLong),
        HarvestFault.InvalidData,
        $"{Place(task)}: the pattern {pattern} of the field \"{field}\" took longer than a second.",
        "Use a simpler pattern for the field in harvest.json.",
        task.FileName);

    public static HarvestException AttributeUnusable(LabelTask task, string region, string what) => new(
        nameof(AttributeUnusable),
        HarvestFault.InvalidData,
        $"{Place(task)}: a choice, text or number of region \"{region}\" holds {what}.",
        "Correct the value in Label Studio and export again.",
        task.FileName);

    /// <summary>Where the task begins, as the errors of the export's JSON have it: <c>a.json, line 2, byte 4 (task 1, id 7)</c>.</summary>
    private static string Place(LabelTask task) => string.Create(
        CultureInfo.InvariantCulture,
        $"{task.FileName}, line {task.Line}, byte {task.ByteOffset} (task {task.Ordinal}{(task.Id is { } id ? string.Create(CultureInfo.InvariantCulture, $", id {id}") : "")})");

    private static string Suggest(string? nearest, IReadOnlyList<string> known) => nearest is null
        ? $"Known are {string.Join(", ", known)}."
        : $"Write \"{nearest}\" if that is what was meant.";

    private static string Describe(FieldSource source) =>
        source.Match is null ? source.From : $"{source.From} matching {source.Match}";
}

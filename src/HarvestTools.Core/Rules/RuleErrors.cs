namespace HarvestTools.Rules;

/// <summary>The errors of harvest rules and field mappings; each factory's name is the error's id.</summary>
internal static class RuleErrors
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

    private static string Suggest(string? nearest, IReadOnlyList<string> known) => nearest is null
        ? $"Known are {string.Join(", ", known)}."
        : $"Write \"{nearest}\" if that is what was meant.";
}

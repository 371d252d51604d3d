namespace HarvestTools.Rules;

/// <summary>The errors of harvest rules and field mappings; each factory's name is the error's id.</summary>
internal static class RuleErrors
{
    public static HarvestException BadHarvestVersion(string version) => new(
        nameof(BadHarvestVersion),
        HarvestFault.InvalidData,
        $"\"{version}\" is not a harvest version.",
        "Write a name, @v and three numbers, for example harvest@v1.4.2.",
        version);

    /// <summary>The version in a definition's own field, where the name has no place.</summary>
    public static HarvestException BadHarvestVersion(string place, string version) => new(
        nameof(BadHarvestVersion),
        HarvestFault.InvalidData,
        $"\"{place}\" is \"{version}\", which is not a version.",
        "Write v and three numbers, for example v1.4.2.",
        place);

    public static HarvestException BadHarvestName(string place, string name) => new(
        nameof(BadHarvestName),
        HarvestFault.InvalidData,
        $"\"{place}\" is \"{name}\", which cannot name a harvest definition.",
        "Use letters, digits, '.', '_' and '-', beginning with a letter, for example harvest; the version has a field of its own.",
        place);

    public static HarvestException BadFieldSource(string place, string from) => new(
        nameof(BadFieldSource),
        HarvestFault.InvalidData,
        $"\"{place}\" is \"{from}\", which is not a place in a task's data.",
        "Write data and the keys below it, separated by points, for example data.episode.",
        place);

    public static HarvestException BadPattern(string place, string pattern, Exception inner) => new(
        nameof(BadPattern),
        HarvestFault.InvalidData,
        $"\"{place}\" is {pattern}, which is not a usable regular expression.",
        "Use .NET's regular expressions without lookaround and backreferences; the first group is the value.",
        place,
        inner);
}

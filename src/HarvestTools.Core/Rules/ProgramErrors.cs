namespace HarvestTools.Rules;

/// <summary>The errors of a program's definition; each factory's name is the error's id.</summary>
internal static class ProgramErrors
{
    public static HarvestException ProgramIncomplete(string place, string what, string remedy) => new(
        nameof(ProgramIncomplete), HarvestFault.InvalidData, $"\"{place}\" {what}.", remedy, place);

    public static HarvestException ProgramWordInvalid(string place, string word, string why) => new(
        nameof(ProgramWordInvalid), HarvestFault.InvalidData,
        $"\"{place}\" has the word \"{word}\": {why}.",
        $"Use {ProgramPlaceholders.Output}, {ProgramPlaceholders.Parameters} and {ProgramPlaceholders.ExportsFolder} anywhere in a word, and {ProgramPlaceholders.Exports} as a word of its own; after another definition also {ProgramPlaceholders.TablesFolder} and {ProgramPlaceholders.Tables}.", place);

    public static HarvestException PatternInvalid(string place, string pattern, string why) => new(
        nameof(PatternInvalid), HarvestFault.InvalidData,
        $"\"{place}\" has the pattern \"{pattern}\": {why}.",
        "Write it relative to its folder, with '/', for example \"lib/**/*.py\".", place);

    public static HarvestException PatternUnmatched(string place, string pattern) => new(
        nameof(PatternUnmatched), HarvestFault.NotFound,
        $"\"{place}\" has the pattern \"{pattern}\", and no file of the repository matches it.",
        "Correct the pattern or take it out; a star means no name that begins with a dot.", pattern);

    public static HarvestException ProgramFileLinked(string path, string pattern) => new(
        nameof(ProgramFileLinked), HarvestFault.InvalidData,
        $"'{path}', which the pattern \"{pattern}\" comes by, is a link.",
        "Put the file itself there, or write a pattern that leaves the link out.", path);

    public static HarvestException ProgramFilesTooMany(string place, int most) => new(
        nameof(ProgramFilesTooMany), HarvestFault.InvalidData,
        $"The patterns of \"{place}\" match more than {most} files.",
        "Name the program's own files; what is installed is named by a lock file under \"environment\".", place);

    public static HarvestException DefinitionUnknown(string name, IReadOnlyCollection<string> known, string? place = null) => new(
        nameof(DefinitionUnknown), HarvestFault.NotFound,
        $"{(place is null ? "" : $"\"{place}\": ")}harvest.json has no definition '{name}'.{NearestName.Question(name, known)}",
        $"Name one that it has: {string.Join(", ", known)}.", place ?? name);

    public static HarvestException DefinitionVersionDiffers(string place, string after, string actual) => new(
        nameof(DefinitionVersionDiffers), HarvestFault.InvalidData,
        $"\"{place}\" names {after}, and harvest.json has {actual}.",
        "Write its present version, or leave the version out.", place);

    public static HarvestException DefinitionLoop(string place, IEnumerable<string> names) => new(
        nameof(DefinitionLoop), HarvestFault.InvalidData,
        $"\"{place}\" leads back to itself: {string.Join(" after ", names)}.",
        "Have the first step follow none.", place);

    public static HarvestException DefinitionNameDiffers(string place, string name) => new(
        nameof(DefinitionNameDiffers), HarvestFault.InvalidData,
        $"\"{place}\" has the name '{name}', which is another.",
        "Leave \"name\" out there; a definition of \"definitions\" has the name that it is listed under, and no other has it.", $"{place}.name");

    public static HarvestException DefinitionNotChosen(IEnumerable<string> names, bool trust = false) => new(
        nameof(DefinitionNotChosen), HarvestFault.Usage,
        $"harvest.json has several definitions that no other follows: {string.Join(", ", names)}.",
        $"Say which one: {(trust ? new RemedyAction.TrustProgram { Definition = RemedyAction.AnyName } : (RemedyAction)new RemedyAction.NewSlice { Definition = RemedyAction.AnyName })}; or write the one that is mostly meant under \"harvest\".");

    public static HarvestException ProgramContentGiven(string place) => new(
        nameof(ProgramContentGiven), HarvestFault.InvalidData,
        $"\"{place}\" has \"files\" or \"values\", which are found by the patterns and written into definition.json of a slice.",
        "Take both out of harvest.json.", place);
}

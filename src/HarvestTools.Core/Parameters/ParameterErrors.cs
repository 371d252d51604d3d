using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Parameters;

/// <summary>The errors of parameter files; each factory's name is the error's id.</summary>
internal static class ParameterErrors
{
    public static HarvestException ParameterFileUnknown(string file) => new(
        nameof(ParameterFileUnknown), HarvestFault.Usage,
        $"'{file}' is no parameter file that can be read by key: its name ends in none of .yaml, .yml and .json.",
        "Pin it as a file, which is hashed whole, or keep the parameters in YAML or JSON.", file);

    public static HarvestException ParameterFileMissing(string file, string why) => new(
        nameof(ParameterFileMissing), HarvestFault.NotFound,
        $"The parameter file '{file}' {why}.",
        "Put it there, from git or from where it was; or correct the path where it is named.", file);

    public static HarvestException YamlMalformed(string file, long line, long column, string what) => new(
        nameof(YamlMalformed), HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"'{file}', line {line}, column {column}: {what}."),
        "Correct the YAML at that place.", file);

    public static HarvestException ParameterFileTooLarge(string file, string why) => new(
        nameof(ParameterFileTooLarge), HarvestFault.InvalidData,
        $"'{file}' is more than a parameter file is read as: {why}.",
        "Check that it is the file you meant, and keep parameters in a file of their own; or pin it as a file, which is hashed whole.", file);

    public static HarvestException ParameterKeyUnknown(string file, string key, IReadOnlyCollection<string> known) => new(
        nameof(ParameterKeyUnknown), HarvestFault.NotFound,
        $"'{file}' has no parameter '{key}'." + NearestName.Question(key, known),
        known.Count == 0 ? "The file has no parameters at all." : $"Its parameters are {Figures.List([.. known])}; * means any one key.", key);

    public static HarvestException ParameterOutOfRange(string file, string key) => new(
        nameof(ParameterOutOfRange), HarvestFault.InvalidData,
        $"The parameter '{key}' of '{file}' is a number beyond what a 64-bit float holds, or has half a character.",
        "Write it as a text, in quotes, or leave it out of the pin.", key);

    public static HarvestException ParameterKeyTwice(string file, string key) => new(
        nameof(ParameterKeyTwice), HarvestFault.InvalidData,
        $"'{file}' has two parameters that are both '{key}' in one line: one of the keys has a dot in it.",
        "Rename one of the two keys.", file);
}

using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>Errors of files that are not readable labeling configurations. Lines and columns count from 1.</summary>
internal static class LabelConfigErrors
{
    private const string CopyAgain =
        "Copy the whole configuration from the project's settings in Label Studio (Labeling Interface, Code) into the file.";

    public static HarvestException LabelConfigTooLarge(string file, long limit) => Data(
        nameof(LabelConfigTooLarge), file,
        $"{file} has more than {Figures.Size(limit)}, which no labeling configuration has.",
        CopyAgain);

    public static HarvestException LabelConfigNotXml(string file, string found) => Data(
        nameof(LabelConfigNotXml), file,
        $"{file} is not the XML of a labeling configuration: it begins with {found}.",
        CopyAgain);

    public static HarvestException LabelConfigMalformed(string file, long line, long column, string? text) => Data(
        nameof(LabelConfigMalformed), file,
        $"{Place(file, line, column)}: the XML is not well-formed{(text is null ? string.Empty : $" at {text}")}.",
        $"{CopyAgain} In the values of attributes, an ampersand is written &amp; and a less-than sign &lt;.");

    public static HarvestException LabelConfigHasDtd(string file, long line, long column) => Data(
        nameof(LabelConfigHasDtd), file,
        $"{Place(file, line, column)}: the file has a document type definition (<!DOCTYPE …>), which is refused because it could read other files.",
        "Remove the definition; Label Studio writes none.");

    public static HarvestException LabelConfigNameRepeated(string file, long line, long column, string name, long firstLine) => Data(
        nameof(LabelConfigNameRepeated), file,
        string.Create(CultureInfo.InvariantCulture, $"{Place(file, line, column)}: the name \"{name}\" is given a second time; line {firstLine} has it already."),
        "Give each tag a name of its own, as Label Studio requires; names are those that the export has.");

    public static HarvestException LabelConfigHasNoTags(string file) => Data(
        nameof(LabelConfigHasNoTags), file,
        $"{file} is XML but no labeling configuration: no tag shows data (name and value) or offers labels (name and toName).",
        CopyAgain);

    private static string Place(string file, long line, long column) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}, column {column}");

    private static HarvestException Data(string id, string file, string message, Remedy remedy) =>
        new(id, HarvestFault.InvalidData, message, remedy, file);
}

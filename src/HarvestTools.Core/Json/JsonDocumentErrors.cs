using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Json;

/// <summary>Where something is in a file: the line, and the byte in that line, both from 1.</summary>
internal readonly record struct JsonPlace(long Line, long Byte)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, byte {Byte}");
}

/// <summary>Errors of the small JSON files that people edit: slice.json, harvest.json and the archive's records.</summary>
internal static class JsonDocumentErrors
{
    public static HarvestException JsonSyntax(string file, JsonPlace place, string what) => new(
        nameof(JsonSyntax), HarvestFault.InvalidData,
        $"'{file}', {place}: {what}.",
        "Correct the JSON at that place.", file);

    /// <param name="file">The file.</param>
    /// <param name="markers">The markers that git left, each with its line.</param>
    /// <param name="ofRuns">Whether it is about registered models alone, of which both sides hold.</param>
    public static HarvestException MergeConflict(string file, IReadOnlyList<string> markers, bool ofRuns) => new(
        nameof(MergeConflict), HarvestFault.InvalidData,
        $"'{file}' has an unresolved merge conflict of git: {Figures.List(markers)}.",
        ofRuns
            ? "Both sides registered models, and one side alone would lose those of the other: keep the entries of both in \"runs\", each in braces of its own with a comma between, remove the lines with the markers, and mark the file as resolved with git add."
            : "Keep one side of it, or what is right of both, remove the lines with the markers, and mark the file as resolved with git add; of a slice.json or definition.json take one side whole.",
        file);

    /// <summary>Two branches each put a model into production.</summary>
    /// <param name="file">The file.</param>
    /// <param name="markers">The markers that git left, each with its line.</param>
    public static HarvestException ProductionConflict(string file, IReadOnlyList<string> markers) => new(
        nameof(ProductionConflict), HarvestFault.InvalidData,
        $"'{file}' has an unresolved merge conflict of git: {Figures.List(markers)}.",
        "Keep the lines of both sides, the one of the model that is in production last, remove the lines with the markers, and mark the file as resolved with git add.",
        file);

    public static HarvestException JsonTooLarge(string file, long bytes, long limit) => new(
        nameof(JsonTooLarge), HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"'{file}' has {bytes} bytes; a file of this kind has at most {limit}."),
        "Check that this is the file you meant; exports are archived, not written into manifests.", file);

    public static HarvestException DuplicateKey(string file, JsonPlace place, string key) => new(
        nameof(DuplicateKey), HarvestFault.InvalidData,
        $"'{file}', {place}: the key \"{key}\" is there twice.",
        "Remove one of the two, so that it is clear which one counts.", file);

    public static HarvestException UnknownKey(string file, JsonPlace place, string key, string? nearest, IEnumerable<string> known) =>
        At(UnknownKey(key, nearest, known), file, place);

    /// <summary>A setting or rule that does not exist, of a file that the caller knows or of no file.</summary>
    public static HarvestException UnknownKey(string key, string? nearest, IEnumerable<string> known) => new(
        nameof(UnknownKey), HarvestFault.InvalidData,
        $"\"{key}\" is not a setting." + (nearest is null ? string.Empty : $" Did you mean \"{nearest}\"?"),
        $"Use one of: {string.Join(", ", known)}.", key);

    public static HarvestException FieldMissing(string file, JsonPlace place, string field) => new(
        nameof(FieldMissing), HarvestFault.InvalidData,
        $"'{file}', {place}: \"{field}\" is missing.",
        $"Add \"{field}\".", file);

    public static HarvestException FieldInvalid(string file, JsonPlace place, string field, string problem, Remedy remedy) =>
        At(FieldInvalid(field, problem, remedy), file, place);

    /// <summary>A value that a field, setting or rule cannot have, of a file that the caller knows or of no file.</summary>
    public static HarvestException FieldInvalid(string field, string problem, Remedy remedy) => new(
        nameof(FieldInvalid), HarvestFault.InvalidData,
        $"\"{field}\" {problem}.",
        remedy, field);

    public static HarvestException HashPlaceholder(string file, JsonPlace place, string field, string value) => new(
        nameof(HashPlaceholder), HarvestFault.InvalidData,
        $"'{file}', {place}: \"{field}\" is \"{value}\", a placeholder and not a SHA-256.",
        $"Write the 64 hexadecimal digits that {new RemedyAction.HashExport()} prints for the file.", file);

    public static HarvestException HashInvalid(string file, JsonPlace place, string field, string value) => new(
        nameof(HashInvalid), HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"'{file}', {place}: \"{field}\" is \"{value}\" with {value.Length} characters; a SHA-256 is 64 hexadecimal digits."),
        $"Write the 64 hexadecimal digits that {new RemedyAction.HashExport()} prints for the file.", file);

    /// <summary>The same fault with the file and the place.</summary>
    public static HarvestException At(HarvestException fault, string file, JsonPlace place) => new(
        fault.ErrorId, fault.Fault, $"'{file}', {place}: {fault.Message}", fault.Remedy, file, fault);

    /// <summary>The same fault of a path, with the place where the path is written.</summary>
    public static HarvestException PathAt(HarvestException fault, string file, JsonPlace place, string field) => new(
        fault.ErrorId, fault.Fault, $"'{file}', {place}: \"{field}\": {fault.Message}", fault.Remedy, file, fault);
}

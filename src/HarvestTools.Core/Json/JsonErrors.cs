using System.Globalization;

namespace HarvestTools.Json;

/// <summary>Errors of JSON that has no canonical form.</summary>
internal static class JsonErrors
{
    public static HarvestException JsonMalformed(long line, long column) => new(
        nameof(JsonMalformed),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The JSON is malformed at line {line}, byte {column} of that line."),
        "Correct the JSON at that place.");

    public static HarvestException JsonNotCanonical(string what, long position) => new(
        nameof(JsonNotCanonical),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The JSON has {what} at byte {position}."),
        "Replace that value.");
}

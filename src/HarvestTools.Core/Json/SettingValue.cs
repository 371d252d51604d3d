using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Json;

/// <summary>
/// Values of settings and rules, read strictly: each fault names the setting, what it is and what is allowed. Values may
/// come from a file or from a script, so numbers are taken by their text, which an int, a decimal and a parsed token share.
/// </summary>
internal static class SettingValue
{
    public static double Number(string setting, JsonNode? value, double least, double most) =>
        TryNumber(value, out double number) && number >= least && number <= most
            ? number
            : throw Invalid(setting, value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    /// <summary>Any number; its range is checked elsewhere.</summary>
    public static double Number(string setting, JsonNode? value, string allowed = "a number") =>
        TryNumber(value, out double number) ? number : throw Invalid(setting, value, allowed);

    public static int Integer(string setting, JsonNode? value, int least, int most) =>
        TryNumber(value, out double number) && number >= least && number <= most && Math.Floor(number) == number
            ? (int)number
            : throw Invalid(setting, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>Any whole number; its range is checked elsewhere.</summary>
    public static int Integer(string setting, JsonNode? value, string allowed = "a whole number") =>
        TryNumber(value, out double number) && number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number
            ? (int)number
            : throw Invalid(setting, value, allowed);

    public static bool Boolean(string setting, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid(setting, value, "true or false"),
    };

    /// <summary>One of an enumeration's names, in lower case.</summary>
    public static T Choice<T>(string setting, JsonNode? value)
        where T : struct, Enum
    {
        string? text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        foreach (T choice in Enum.GetValues<T>())
        {
            if (text == Word(choice))
            {
                return choice;
            }
        }

        throw Invalid(setting, value, string.Join(" or ", Enum.GetValues<T>().Select(static choice => $"\"{Word(choice)}\"")));
    }

    /// <summary>A choice as settings spell it.</summary>
#pragma warning disable CA1308 // The file format spells choices in lower case.
    public static string Word<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>A text that is not empty.</summary>
    public static string Text(string setting, JsonNode? value, string allowed = "a text in double quotes") =>
        value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text
            ? text
            : throw Invalid(setting, value, allowed);

    public static JsonObject Object(string setting, JsonNode? value, string allowed = "an object in braces") =>
        value as JsonObject ?? throw Invalid(setting, value, allowed);

    /// <summary>The fault of a value that a setting cannot have.</summary>
    public static HarvestException Invalid(string setting, JsonNode? value, string allowed) =>
        JsonDocumentErrors.FieldInvalid(setting, $"is {Show(value)}; it must be {allowed}", $"Write {allowed}.");

    private static bool TryNumber(JsonNode? value, out double number)
    {
        number = double.NaN;
        if (value?.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }

        // A value from a file has its text; writing it again would have the runtime load a writer.
        string text = ((JsonValue)value).TryGetValue(out JsonElement read) ? read.GetRawText() : Show(value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static string Show(JsonNode? value)
    {
        try
        {
            return value?.ToJsonString() ?? "null";
        }
        catch (ArgumentException)
        {
            // A script can hand over a NaN or an infinity, which JSON cannot write.
            return "not a number";
        }
    }
}

using System.Globalization;

namespace HarvestTools.Manifests;

/// <summary>The errors of the retrain settings in harvest.json; each factory's name is the error's id.</summary>
internal static class RetrainSettingErrors
{
    /// <summary>harvest.json holds a retrain setting that does not exist.</summary>
    public static HarvestException UnknownRetrainSetting(string path, string? nearest) => new(
        nameof(UnknownRetrainSetting),
        HarvestFault.InvalidData,
        $"The setting '{path}' does not exist.",
        nearest is null ? "Remove it from harvest.json." : $"Remove it from harvest.json, or write '{nearest}' if that is what was meant.",
        path);

    /// <summary>A retrain setting has the wrong type or is none of the words allowed.</summary>
    public static HarvestException RetrainSettingInvalid(string path, string expected) => new(
        nameof(RetrainSettingInvalid),
        HarvestFault.InvalidData,
        $"The setting '{path}' is not {expected}.",
        $"Write {expected} in harvest.json, or remove the setting to take its default.",
        path);

    /// <summary>A retrain setting lies outside its range.</summary>
    public static HarvestException RetrainSettingOutOfRange(string path, double? value, string range) => new(
        nameof(RetrainSettingOutOfRange),
        HarvestFault.InvalidData,
        $"The setting '{path}' is {Number(value)}; it must be {range}.",
        $"Give it a value {range}.",
        path);

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}

using System.Text.Json;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>
/// Two projects may have versions of the same names of two models or of one, which no export says: they are tested apart, and where
/// it is one model, a setting joins them and the test sees more.
/// </summary>
internal static class SameModel
{
    /// <summary>
    /// A sentence for each model that may be one of several projects, with the setting that says so, where one of them could not be
    /// judged by itself.
    /// </summary>
    /// <param name="versions">All versions.</param>
    /// <param name="trends">The answer for each line.</param>
    /// <param name="settings">Lines that they name are as they are meant to be.</param>
    public static IEnumerable<string> Suggest(
        IReadOnlyList<VersionCorrections> versions, IReadOnlyList<CorrectionTrend> trends, CorrectionTrendSettings settings) =>
        from version in versions
        where !version.LineUnknown && version.Line is not null && !settings.Lines.ContainsKey(version.Line)
        group version by ModelLines.StemText(version.ModelVersion) into model
        let lines = model.Select(static version => version.Line!).Distinct().Order(StringComparer.Ordinal).ToArray()
        where lines.Length > 1 && trends.Any(trend => CorrectionTrendGate.Passed(trend) is null && lines.Contains(trend.Line))
        let setting = $"\"lines\": {{ {Quoted(model.Key.Length > 0 ? model.Key : "model")}: [{string.Join(", ", Patterns(model, versions).Select(Quoted))}] }}"
        select $"{Figures.List(lines)} are tested apart; if they are one model, say so in harvest.json: {setting} in retrain.regression.";

    /// <summary>What the names begin with, where no version of another model begins so; else every name.</summary>
    private static string[] Patterns(IEnumerable<VersionCorrections> model, IReadOnlyList<VersionCorrections> all)
    {
        string[] names = [.. model.Select(static version => version.ModelVersion).Distinct().Order(StringComparer.Ordinal)];
        string beginning = names[0][..names[0].Zip(names[^1]).TakeWhile(static letters => letters.First == letters.Second).Count()].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        bool others = all.Any(version => version.ModelVersion.StartsWith(beginning, StringComparison.Ordinal) && !names.Contains(version.ModelVersion));
        return others || beginning.AsSpan().ContainsAny('*', '?', '\\') ? names : [beginning + "*"];
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}

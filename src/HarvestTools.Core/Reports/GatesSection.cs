using System.Globalization;
using HarvestTools.Decisions.States;

namespace HarvestTools.Reports;

/// <summary>The retrain gates, each as a bar beside its threshold; markup alone, so that they are there without the script.</summary>
internal static class GatesSection
{
    private const double Width = 240;
    private const int Height = 22;

    public static void Write(HtmlWriter page, ReportData data)
    {
        page.Add($"<section class=\"block\" id=\"gates\"><h2>Retrain gates</h2>\n");
        if (data.Decision is not { } decision)
        {
            page.Add($"<p class=\"note\">Not known here. {data.DecisionUnknown}</p></section>\n");
            return;
        }

        string mark = decision.Decision switch { RetrainVerdict.Wait => "wait", RetrainVerdict.Retrain => "clean", _ => "drifted" };
        page.Add($"<p><span class=\"badge {mark}\">{decision.Decision}</span> <bdi>{decision.Reason}</bdi></p><p class=\"soft\"><bdi>{decision.Summary}</bdi></p>\n<ul class=\"gates\">");
        foreach (RetrainGate gate in decision.Gates)
        {
            string passed = gate.Passed switch { true => "clean", false => "drifted", null => "unverifiable" };
            string word = gate.Passed switch { true => "passed", false => "objects", null => "not known" };
            page.Add($"<li><h3>{gate.Name} <span class=\"badge {passed}\">{word}</span></h3>");
            Bar(page, gate, passed);
            page.Add($"<p class=\"num\">{gate.ValueText} <span class=\"soft\">threshold: {gate.ThresholdText}</span></p><p class=\"soft\"><bdi>{gate.Explanation}</bdi></p></li>");
        }

        page.Add($"</ul>\n");
        // That a gate could not be judged is said beside it.
        foreach (string warning in decision.Warnings.Where(warning => !decision.Gates.Any(gate => warning.StartsWith($"{gate.Name} could not be judged", StringComparison.Ordinal))))
        {
            page.Add($"<p class=\"finding warning\"><bdi>{warning}</bdi></p>");
        }

        page.Add($"</section>\n");
    }

    private static void Bar(HtmlWriter page, RetrainGate gate, string mark)
    {
        if (gate.Value is not { } value || gate.Threshold is not { } threshold || !double.IsFinite(value) || !(double.IsFinite(threshold) && threshold > 0))
        {
            return;
        }

        // Both fit with room to the right, so that a value far above its threshold is seen to be.
        double most = Math.Max(value, threshold) * 1.15;
        page.Add($"<svg class=\"bullet\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{gate.Name}: {gate.ValueText}, threshold {gate.ThresholdText}\">");
        page.Add($"<rect class=\"ground\" width=\"{Width}\" height=\"10\" y=\"6\" rx=\"3\"/><rect class=\"value {mark}\" width=\"{At(value / most)}\" height=\"10\" y=\"6\" rx=\"3\"/><path class=\"limit\" d=\"M{At(threshold / most)} 1V21\"/></svg>");
    }

    private static string At(double share) => (Width * Math.Clamp(share, 0, 1)).ToString("0.#", CultureInfo.InvariantCulture);
}

using System.Text;
using HarvestTools.Decisions.States;

namespace HarvestTools.Decisions.Text;

/// <summary>The decision as Markdown, for a pull request or a chat.</summary>
public static class DecisionMarkdown
{
    /// <summary>A heading with the answer, the gates and the model versions as tables, and lists; ends with a line end (LF).</summary>
    public static string Render(RetrainDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var text = new StringBuilder();
        text.Append("### ").Append(decision.Decision).Append(": ").Append(Escape(decision.Reason)).Append("\n\n");
        text.Append(Escape(decision.Summary)).Append(decision.Training is { } training ? " " + Escape(training) : "").Append('\n');
        Items(text, static _ => "**Warning:** ", decision.Warnings);
        Table(text, ["Gate", "Value", "Wanted", "Passed", "Explanation"], decision.Gates.Select(gate => new[]
        {
            gate.Name, gate.ValueText, gate.ThresholdText, gate.Passed == false ? "**NO**" : gate.PassedText, gate.Explanation,
        }));
        if (decision.Regression is { ModelVersions.Count: > 0 } regression)
        {
            Table(text, DecisionText.VersionHeads, regression.ModelVersions.Select(DecisionText.VersionCells));
        }

        Items(text, DecisionText.FlipHead, decision.Flips);
        text.Append("\n- Forecast: ").Append(Escape(decision.Forecast?.Explanation ?? "none"));
        text.Append("\n- Cost: ").Append(Escape(decision.Costs?.Explanation ?? "none"));
        return text.Append("\n\nNothing was started: a person decides.\n").ToString();
    }

    private static void Items(StringBuilder text, Func<int, string> head, IReadOnlyList<string> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "\n- " : "- ").Append(head(i)).Append(Escape(items[i])).Append('\n');
        }
    }

    private static void Table(StringBuilder text, string[] heads, IEnumerable<string[]> rows)
    {
        text.Append('\n').Append("| ").AppendJoin(" | ", heads).Append(" |\n|").Append(string.Concat(heads.Select(_ => "---|"))).Append('\n');
        foreach (string[] row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(cell => cell == "**NO**" ? cell : Escape(cell))).Append(" |\n");
        }
    }

    /// <summary>Names of tasks and model versions come from the data; nothing in them may start a table cell, markup or HTML.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text.ReplaceLineEndings(" "))
        {
            if (letter is '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>')
            {
                escaped.Append('\\');
            }

            escaped.Append(letter);
        }

        return escaped.ToString();
    }
}

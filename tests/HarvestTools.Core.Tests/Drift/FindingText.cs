using System.Reflection;
using HarvestTools.Drift;

namespace HarvestTools.Tests.Drift;

/// <summary>All that a finding says, in three lines: what it is, its message, and what to do with each action's arguments.</summary>
internal sealed class FindingText : ICommandSpelling
{
    public static string Of(DriftFinding finding) => string.Join(
        '\n',
        $"{finding.Severity} {finding.Kind} of {finding.Cause}: {finding.Subject} ({Short(finding.Expected)} → {Short(finding.Actual)})",
        finding.Message,
        finding.Fix.Spell(new FindingText()));

    public string Spell(RemedyAction action)
    {
        IEnumerable<string> arguments =
            from property in action.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let value = property.GetValue(action)
            where value is not null and not false
            select $"{property.Name}={value}";
        return $"{action.GetType().Name}({string.Join(',', arguments)})";
    }

    // Of a hash the first digits are enough: no two in these tests share them.
    private static string Short(string? text) => text is null ? "none" : text.Length == 64 ? text[..4] : text;
}

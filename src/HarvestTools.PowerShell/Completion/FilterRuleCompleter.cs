using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Rules;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>
/// Completes -FilterOverride before its hashtable is begun: one rule with its value in force, ready to be changed. Inside the
/// braces PowerShell offers the properties of <see cref="FilterRules"/> by itself.
/// </summary>
public sealed class FilterRuleCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from rule in RulesInForce(repository)
        where Begins(rule.Key, word)
        let value = Literal(rule.Value!)
        select Result($"@{{ {rule.Key} = {value} }}", rule.Key, $"{rule.Key} = {value} in harvest.json");

    private static string Literal(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "$true",
        JsonValueKind.False => "$false",
        JsonValueKind.String => $"'{value.GetValue<string>()}'",
        _ => value.ToJsonString(),
    };

    private static JsonObject RulesInForce(Func<HarvestRepository> repository)
    {
        try
        {
            return repository().Settings.Harvest.Rules.ToJson();
        }
        catch (HarvestException)
        {
            return HarvestRules.Default.ToJson();
        }
    }
}

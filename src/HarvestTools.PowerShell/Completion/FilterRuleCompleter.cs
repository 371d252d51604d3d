using System.Management.Automation;
using System.Text.Json.Nodes;
using HarvestTools.Filtering;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes names of rules inside the hashtable of -FilterOverride; the tooltip tells the value in force.</summary>
public sealed class FilterRuleCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository)
    {
        JsonObject rules = RulesInForce(repository);
        int name = word.LastIndexOfAny(['{', ';', ' ', '\n']) + 1;
        return rules
            .Where(rule => Begins(rule.Key, word[name..]))
            .Select(rule => Result(word[..name] + rule.Key, rule.Key, $"{rule.Key} = {rule.Value?.ToJsonString()} in harvest.json"));
    }

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

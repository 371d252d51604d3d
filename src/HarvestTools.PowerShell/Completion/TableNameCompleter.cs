using System.Management.Automation;
using HarvestTools.Repositories;
using HarvestTools.Tables;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes the names of a slice's tables: those of the newest slice, where a team's own program wrote them.</summary>
public sealed class TableNameCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from table in Names(repository)
        where Begins(table, word)
        orderby table
        select Result(table, table, TableCatalog.Find(table) is { } known ? $"a row is one {known.One}" : "a table of the program");

    private static IReadOnlyList<string> Names(Func<HarvestRepository> repository)
    {
        try
        {
            return TableNames.Of(repository());
        }
        catch (HarvestException)
        {
            return TableNames.Of(null);
        }
    }
}

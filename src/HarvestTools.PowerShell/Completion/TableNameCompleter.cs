using System.Management.Automation;
using HarvestTools.Tables;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes the names of a slice's tables; needs no repository.</summary>
public sealed class TableNameCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from table in TableCatalog.All
        where Begins(table.Name, word)
        orderby table.Name
        select Result(table.Name, table.Name, $"a row is one {table.One}");
}

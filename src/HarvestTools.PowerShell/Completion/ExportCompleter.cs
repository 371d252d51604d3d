using System.Management.Automation;
using HarvestTools.Archive;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes hashes of archived exports, from their beginning or from their project's name; the newest first.</summary>
public class ExportCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from record in Readable(repository())
        where Begins(record.Sha256, word) || Begins(record.Project, word)
        orderby record.AddedAt.Instant descending, record.Project, record.Sha256
        select Result(
            Quoted(Display.Hash(record.Sha256)),
            $"{Display.Hash(record.Sha256)} {record.Project}",
            $"{record.Project}: {record.Path ?? record.Name}, {Display.Size(record.Bytes)}, added {Display.Age(record.AddedAt.Instant.LocalDateTime)}");

    internal static IEnumerable<ExportRecord> Readable(HarvestRepository repository) =>
        repository.Archive.Records().Select(static entry => entry.Record).OfType<ExportRecord>();
}

using HarvestTools.Cache;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;

namespace HarvestTools.Fuzz.Targets;

/// <summary>
/// An export: label hash and derivation in one pass. Tables and label hash are the same by one thread as by two, with rows in
/// memory as with rows spilled, and labels that are equal give equal tables.
/// </summary>
internal sealed class ExportTarget : FuzzTarget
{
    private readonly ScratchFolder _spill = new();

    public override string Name => "export";

    public override IReadOnlyList<byte[]> Seeds => Fuzz.Seeds.Exports;

    public override void Run(byte[] input)
    {
        string expected = Outcome(() => Derive(input, 1, PartRequest.DefaultRowBudget));
        string other = Outcome(() => Derive(input, 2, 0));
        Require(expected == other, $"One thread gives {expected}, two with spilled rows give {other}.");
        _ = Outcome(() => ExportFingerprint.Compute(new MemoryStream(input), "export.json", null, withLabels: true, threads: 1).LabelSha256 ?? "none");
    }

    public override void Dispose()
    {
        _spill.Dispose();
        base.Dispose();
    }

    private string Derive(byte[] input, int threads, long budget)
    {
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, threads, _spill.Path) { WithLabels = true, RowBudget = budget };
        DerivedPart part = PartDerivation.Run(request, new MemoryStream(input), static _ => new MemoryStream(), null, CancellationToken.None);
        return $"{part.Labels?.LabelSha256} {string.Join(' ', part.Tables.Select(static table => $"{table.Rows} {table.Sha256}"))}";
    }
}

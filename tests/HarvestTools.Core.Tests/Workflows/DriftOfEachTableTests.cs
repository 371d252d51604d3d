using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Tables;
using HarvestTools.Tests.Derivation.Kinds;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A table that the check leaves out would drift unseen, so each of them drifts once.</summary>
public sealed class DriftOfEachTableTests : IDisposable
{
    private readonly TemporaryRepository _temporary = new();
    private readonly NewSliceResult _made;

    public DriftOfEachTableTests()
    {
        _temporary.Add("actions.json", ExportPlan.ForTasks(SampleKind.Actions, 6), "a");
        _temporary.Add("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 40), "b");
        string outlines = _temporary.WriteText("outlines.json", ExportText.One(
            ExportText.Image, ExportText.Polygon("r", "img", "[[10,10],[60,10],[35,70]]"), ExportText.Choices("c", "img", """["good"]""")));
        AddExport.Run(_temporary.Repository, outlines, "c", _temporary.Context);
        _made = _temporary.New("v1");
    }

    public static TheoryData<string> Tables => [.. TableCatalog.All.Select(static table => table.Name)];

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Tables))]
    public void Other_rows_than_recorded_are_found_in_each_table(string table)
    {
        SliceOutput recorded = OutputOf(table);
        _temporary.Repository.Slices.Rewrite("v1", slice => slice with
        {
            Outputs = [.. slice.Outputs.Select(output => output == recorded ? output with { Sha256 = new string('a', 64), RowsSha256 = new string('b', 64) } : output)],
        });

        DriftFinding finding = Assert.Single(Check(quick: false).Findings);

        Assert.Equal(DriftKind.DerivationChanged, finding.Kind);
        Assert.StartsWith($"{table} of ", finding.Subject, StringComparison.Ordinal);
        Assert.Equal((new string('b', 64), recorded.RowsSha256), (finding.Expected, finding.Actual));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Damage_is_found_in_each_cached_table(string table)
    {
        SliceOutput recorded = OutputOf(table);
        string path = _made.Built!.Tables.First(built => built.Table == table && built.Sha256 == recorded.Sha256).Path;
        File.SetAttributes(path, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^20] ^= 0x40;
        File.WriteAllBytes(path, bytes);

        foreach (bool quick in (bool[])[true, false])
        {
            DriftFinding finding = Assert.Single(Check(quick).Findings);
            Assert.Equal(DriftKind.CacheDamaged, finding.Kind);
            Assert.StartsWith($"{table} of ", finding.Subject, StringComparison.Ordinal);
        }
    }

    private SliceOutput OutputOf(string table) => _made.Slice.Outputs.First(output => output.Table == table && output.Rows > 0);

    private DriftReport Check(bool quick) =>
        new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load("v1"), quick);
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tables;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What a slice records of versions and of its definition, and what becomes of one that this release cannot give.</summary>
public sealed class SliceVersionTests : IDisposable
{
    private const string ExportPath = "label_studio/hands.json";
    private readonly TemporaryRepository _temporary = new();
    private readonly SliceManifest _slice;

    public SliceVersionTests()
    {
        _temporary.Add(ExportPath, ExportPlan.ForTasks(SampleKind.Hands, 10), "b");
        _slice = _temporary.New("v1").Slice;
    }

    private Repository Repository => _temporary.Repository;

    private string DefinitionPath => Repository.Slices.DefinitionPathOf("v1");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_new_slice_records_them()
    {
        SliceManifest slice = Repository.Slices.Load("v1");

        Assert.Equal((2, 2, Release.Version), (slice.FormatVersion, slice.DerivationVersion, slice.WrittenBy));
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$", Release.Version);
        string text = Encoding.UTF8.GetString(slice.ToUtf8Bytes());
        string[] order = ["slice_version", "created_at", "written_by", "exports", "harvest_version", "harvest_sha256", "format_version", "derivation_version", "outputs"];
        Assert.Equal(order, order.OrderBy(key => text.IndexOf($"  \"{key}\": ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Its_definition_is_spelt_out_beside_it_and_archived_in_canonical_form()
    {
        JsonObject json = JsonNode.Parse(File.ReadAllBytes(DefinitionPath))!.AsObject();

        Assert.Equal(HarvestDefinition.Default.ToJson().ToJsonString(), json.ToJsonString());
        Assert.Equal(_slice.HarvestSha256, HarvestDefinition.Parse(json).Sha256);
        byte[] archived = File.ReadAllBytes(Repository.Archive.PathOf(_slice.HarvestSha256!));
        Assert.Equal("""{"name":"harvest","version":"v1.0.0"}""", Encoding.UTF8.GetString(archived));
        Assert.Equal(_slice.HarvestSha256, Convert.ToHexStringLower(SHA256.HashData(archived)));
        Assert.DoesNotContain('\r', File.ReadAllText(DefinitionPath));
    }

    [Fact]
    public void Without_the_archives_definition_the_one_beside_the_manifest_counts()
    {
        DeleteArchivedDefinition();
        SetRule("boundary_frames", 7, "v1.0.1");

        Assert.Equal(HarvestRules.Default, SliceInputs.Definition(Repository, _slice).Rules);
        Assert.Equal(DriftStatus.Clean, Check().Status);

        File.Delete(DefinitionPath);
        Assert.Equal("DefinitionNotFound", Assert.Throws<HarvestException>(() => SliceInputs.Definition(Repository, _slice)).ErrorId);
        Assert.Equal(DriftStatus.Drifted, Check().Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_edited_definition_beside_the_manifest_is_named(bool quick)
    {
        File.WriteAllText(DefinitionPath, File.ReadAllText(DefinitionPath).Replace("\"boundary_frames\": 3", "\"boundary_frames\": 4", StringComparison.Ordinal));

        DriftFinding finding = Assert.Single(Check(quick).Findings);

        Assert.Equal((DriftKind.HarvestRedefined, DriftSeverity.Error), (finding.Kind, finding.Severity));
        Assert.Equal(_slice.HarvestSha256, finding.Expected);
        Assert.NotEqual(finding.Expected, finding.Actual);
        Assert.Equal(new RemedyAction.RestoreFromGit("slices/v1/definition.json"), Assert.Single(finding.Fix.Actions));

        // It is never derived under, whatever else is there.
        DeleteArchivedDefinition();
        SetRule("boundary_frames", 7, "v1.0.1");
        Assert.Equal("DefinitionNotFound", Assert.Throws<HarvestException>(() => SliceInputs.Definition(Repository, _slice)).ErrorId);
    }

    [Theory]
    [InlineData("{", "JsonSyntax")]
    [InlineData("""{ "name": "harvest", "version": "v1.0.0", "rules": { "consensus": "vote" } }""", "FieldInvalid")]
    public void A_definition_that_cannot_be_read_is_named_with_its_place(string text, string id)
    {
        File.WriteAllText(DefinitionPath, text);

        DriftFinding finding = Assert.Single(Check().Findings);

        Assert.Equal(DriftKind.HarvestRedefined, finding.Kind);
        Assert.Contains($"definition.json', line 1", finding.Message, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Throws<HarvestException>(() => Repository.Slices.TryLoadDefinition("v1", DerivationVersion.Current)).ErrorId);
    }

    [Fact]
    public void A_definition_that_is_gone_is_no_drift_while_the_archive_has_it()
    {
        File.Delete(DefinitionPath);

        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Theory]
    [InlineData(1, 1, "format version 1 and derivation version 1")]
    [InlineData(null, null, "format version 1 and derivation version 1")]
    [InlineData(2, 1, "derivation version 1")]
    [InlineData(2, null, "derivation version 1")]
    [InlineData(2, 3, "derivation version 3")]
    [InlineData(3, 2, "format version 3")]
    public void A_slice_of_other_versions_cannot_be_verified_nor_built(int? format, int? derivation, string named)
    {
        // Its hash is one of another form, as builds before wrote it: which is no redefinition.
        Rewrite(slice => slice with { FormatVersion = format, DerivationVersion = derivation, HarvestSha256 = new string('c', 64), WrittenBy = "7.8.9" });

        foreach (bool quick in new[] { false, true })
        {
            DriftReport report = Check(quick);
            DriftFinding finding = Assert.Single(report.Findings);
            Assert.Equal((DriftStatus.Unverifiable, DriftKind.FormatUnsupported), (report.Status, finding.Kind));
            Assert.Equal((named, named), (finding.Subject, finding.Expected));
            Assert.Contains(named, finding.Message, StringComparison.Ordinal);
            Assert.Contains("HarvestTools 7.8.9", finding.Fix.ToString(), StringComparison.Ordinal);
        }

        HarvestException error = Assert.Throws<HarvestException>(() => BuildSlice.Run(Repository, Repository.Slices.Load("v1"), _temporary.Context));
        Assert.Equal("FormatUnsupported", error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(new RemedyAction.NewSlice(Parent: "v1"), error.Remedy.Actions);
        Assert.Contains("HarvestTools 7.8.9", error.Remedy.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_successor_is_made_with_new()
    {
        Rewrite(static slice => slice with { FormatVersion = 1, DerivationVersion = null, WrittenBy = null });
        Assert.Equal(new RemedyAction.NewSlice(Parent: "v1"), Assert.Single(Assert.Single(Check().Findings).Fix.Actions));

        SliceManifest successor = _temporary.New("v2").Slice;

        Assert.Equal(["v1"], successor.Parents);
        Assert.Equal((2, 2), (successor.FormatVersion, successor.DerivationVersion));
        Assert.Equal(_slice.Outputs.Select(static output => output.RowsSha256), successor.Outputs.Select(static output => output.RowsSha256));
        Assert.Equal(DriftStatus.Clean, new CheckSlice(Repository, _temporary.Context).Run(successor, quick: false).Status);
    }

    [Fact]
    public void A_manifest_of_inputs_alone_is_derived_under_the_present_versions()
    {
        Rewrite(static slice => new SliceManifest { Version = slice.Version, Exports = slice.Exports, HarvestVersion = slice.HarvestVersion });

        Assert.Equal(DriftKind.NothingRecorded, Assert.Single(Check().Findings).Kind);
        BuiltSlice built = BuildSlice.Run(Repository, Repository.Slices.Load("v1"), _temporary.Context);
        Assert.Equal(
            _slice.Outputs.Select(static output => output.Sha256),
            built.Tables.Where(static table => table.Rows > 0).Select(static table => table.Sha256));
        Assert.Equal(SliceKey.Compute(_slice), built.Key);
    }

    [Fact]
    public void Versions_are_found_by_number_and_begin_at_2()
    {
        Assert.Equal(2, FormatVersion.Current.Number);
        Assert.Same(FormatVersion.Current, FormatVersion.Find(2));
        Assert.Null(FormatVersion.Find(1));
        Assert.Same(TableCatalog.All, FormatVersion.Current.Tables);
        Assert.Equal(2, DerivationVersion.Current.Number);
        Assert.Same(DerivationVersion.Current, DerivationVersion.Find(2));
        Assert.Null(DerivationVersion.Find(1));
        Assert.Equal(HarvestRules.Default, DerivationVersion.Current.Rules);
    }

    private DriftReport Check(bool quick = false) =>
        new CheckSlice(Repository, _temporary.Context).Run(Repository.Slices.Load("v1"), quick);

    private void Rewrite(Func<SliceManifest, SliceManifest> change) => Repository.Slices.Rewrite("v1", change);

    private void DeleteArchivedDefinition()
    {
        string path = Repository.Archive.PathOf(_slice.HarvestSha256!);
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private void SetRule(string name, int value, string version)
    {
        string path = _temporary.PathOf(HarvestSettings.FileName);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["harvest"]!["rules"]![name] = value;
        json["harvest"]!["version"] = version;
        File.WriteAllText(path, json.ToJsonString());
    }
}

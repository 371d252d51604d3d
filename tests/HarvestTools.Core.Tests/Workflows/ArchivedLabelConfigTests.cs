using System.Security.Cryptography;
using System.Text;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions.States;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A labeling configuration is archived with its export, recorded by the slices made of it, and checked with them.</summary>
public sealed class ArchivedLabelConfigTests : IDisposable
{
    private const string First = "<View>\r\n  <Image name=\"image\" value=\"$image\"/>\r\n</View>";
    private const string Second = "<View><Image name=\"image\" value=\"$front\"/></View>";
    private static readonly ExportPlan s_hands = ExportPlan.ForTasks(SampleKind.Hands, 20);

    private readonly TemporaryRepository _temporary = new();

    private ExportRecord Recorded => _temporary.Repository.Archive.List("b").Single();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Its_exact_bytes_are_archived_and_its_hash_is_on_the_record()
    {
        AddedExport added = Add(First);

        Assert.Equal(Hash(First), added.LabelConfigSha256);
        Assert.Equal(Hash(First), Recorded.LabelConfigSha256);
        Assert.Equal(First, File.ReadAllText(_temporary.Repository.Archive.PathOf(Hash(First))));
        Assert.Empty(CheckArchive(out _));
    }

    [Fact]
    public void A_later_one_takes_its_place_and_adding_without_one_leaves_it()
    {
        Assert.Null(Add(null).LabelConfigSha256);
        Assert.Equal((Hash(First), false), (Add(First).LabelConfigSha256, Add(First).Added));
        Assert.Equal(Hash(Second), Add(Second).LabelConfigSha256);
        Assert.Equal(Hash(Second), Add(null).LabelConfigSha256);
        Assert.Equal(Hash(Second), Recorded.LabelConfigSha256);
    }

    [Fact]
    public void One_that_is_none_leaves_the_archive_as_it_was()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Add("<View><Image name=\"a\"></View>"));

        Assert.Equal("LabelConfigMalformed", error.ErrorId);
        Assert.Empty(_temporary.Repository.Archive.Records());
        Assert.Equal("FileNotFound", Assert.Throws<HarvestException>(() => LabelConfigFile.Read(_temporary.PathOf("gone.xml"))).ErrorId);
    }

    [Fact]
    public void An_export_that_is_none_leaves_nothing_of_the_configuration()
    {
        string path = _temporary.WriteText("bad.json", "{}");

        Assert.Throws<HarvestException>(() => AddExport.Run(_temporary.Repository, path, "b", _temporary.Context, labelConfig: Config(First)));

        Assert.False(_temporary.Repository.Archive.Contains(Hash(First)));
    }

    [Fact]
    public void Slices_under_different_configurations_share_no_part_and_no_key()
    {
        Add(null);
        NewSliceResult without = _temporary.New("v1");
        Add(First);
        NewSliceResult first = _temporary.New("v2");
        Add(Second);
        NewSliceResult second = _temporary.New("v3");
        NewSliceResult again = _temporary.New("v4");

        Assert.Equal([null, Hash(First), Hash(Second)], new[] { without, first, second }.Select(static made => made.Slice.Exports.Single().LabelConfigSha256));
        Assert.Equal(3, new[] { without, first, second }.Select(static made => made.Built!.Key).Distinct().Count());
        Assert.Equal(3, Directory.GetDirectories(_temporary.PathOf(".harvest/cache/parts")).Length);
        Assert.Equal(second.Built!.Key, again.Built!.Key);
        Assert.Equal(3, Directory.GetDirectories(_temporary.PathOf(".harvest/cache/parts")).Length);
        Assert.All(new[] { "v1", "v2", "v3", "v4" }, version => Assert.Empty(Check(version).Findings));
    }

    [Fact]
    public void Without_one_a_parts_key_is_what_it_was()
    {
        string definition = Encoding.UTF8.GetString(HarvestDefinition.Default.ToCanonicalBytes());
        string hash = new('a', 64);

        string Key(string? config) => PartKey.Compute("b", null, hash, HarvestDefinition.Default, [], config);

        Assert.Equal(Hash($$"""{"derivation_version":2,"format_version":2,"harvest":{{definition}},"project":"b","sha256":"{{hash}}"}"""), Key(null));
        Assert.Equal(Hash($$"""{"derivation_version":2,"format_version":2,"harvest":{{definition}},"label_config_sha256":"{{hash}}","project":"b","sha256":"{{hash}}"}"""), Key(hash));
    }

    [Fact]
    public void A_check_derives_under_the_recorded_one_whatever_was_archived_since()
    {
        Add(First);
        _temporary.New("v1");
        Add(Second);

        Assert.Empty(Check("v1").Findings);
        Assert.Empty(CheckArchive(out bool whole));
        Assert.True(whole);

        // The first one is the slice's alone now, and gone with it.
        Delete(Hash(First));
        DriftFinding finding = Assert.Single(Check("v1").Findings);
        Assert.Equal((DriftKind.ExportMissing, DriftSeverity.Error, Hash(First)), (finding.Kind, finding.Severity, finding.Expected));
        Assert.StartsWith("labeling configuration of b-", finding.Subject, StringComparison.Ordinal);
        Assert.Equal(["v1"], finding.Slices);
        Assert.Equal([new RemedyAction.AddExport("label_studio/hands.json", "b") { LabelConfig = RemedyAction.AnyConfig }], finding.Fix.Actions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_or_damaged_one_is_found_and_put_right_by_adding_it_again(bool quick)
    {
        Add(First);
        _temporary.New("v1");
        string path = _temporary.Repository.Archive.PathOf(Hash(First));
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, First + " ");

        DriftFinding damaged = Assert.Single(Check("v1", quick).Findings);
        Assert.Equal((DriftKind.ExportDamaged, Hash(First), Hash(First + " ")), (damaged.Kind, damaged.Expected, damaged.Actual));
        ArchiveFinding found = CheckArchive(out bool whole).First();
        Assert.Equal((ArchiveFindingKind.Damaged, Hash(First), false), (found.Kind, found.Subject, whole));
        Assert.Equal([new RemedyAction.AddExport(Project: "b") { LabelConfig = RemedyAction.AnyConfig }], found.Fix.Actions);

        Delete(Hash(First));
        Assert.Equal(DriftKind.ExportMissing, Assert.Single(Check("v1", quick).Findings).Kind);
        found = Assert.Single(CheckArchive(out _));
        Assert.Equal((ArchiveFindingKind.Missing, Hash(First)), (found.Kind, found.Subject));
        Assert.Contains("slice v1 (labeling configuration)", found.Message, StringComparison.Ordinal);

        Add(First);
        Assert.Empty(Check("v1", quick).Findings);
        Assert.Empty(CheckArchive(out _));
    }

    [Fact]
    public void What_cannot_be_derived_for_want_of_it_says_how_to_get_it()
    {
        Add(First);
        SliceManifest slice = _temporary.New("v1").Slice;
        Delete(Hash(First));
        Directory.Delete(_temporary.PathOf(".harvest/cache/parts"), recursive: true);

        HarvestException error = Assert.Throws<HarvestException>(() => BuildSlice.Run(_temporary.Repository, slice, _temporary.Context));

        Assert.Equal("LabelConfigNotAvailable", error.ErrorId);
        Assert.Contains("Slice v1 needs the labeling configuration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_configuration_are_not_derived_under()
    {
        Add(First);
        _temporary.New("v1");
        string definition = _temporary.Repository.Slices.Load("v1").HarvestSha256!;
        _temporary.Repository.Slices.Rewrite("v1", slice => slice with { Exports = [slice.Exports.Single() with { LabelConfigSha256 = definition }] });

        DriftFinding finding = Assert.Single(Check("v1").Findings);

        Assert.Equal(DriftKind.DerivationChanged, finding.Kind);
        Assert.Contains("is not the XML of a labeling configuration", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_and_a_trace_name_the_configuration()
    {
        Add(First);
        _temporary.New("v1");
        Add(Second);
        _temporary.New("v2");

        ExportChange change = Assert.Single(CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context).Exports);
        Assert.Equal((ExportChangeKind.Reconfigured, true, (bool?)true), (change.Change, change.LabelConfigChanged, change.SameLabels));
        Assert.Equal((Hash(First), Hash(Second)), (change.ReferenceLabelConfig, change.DifferenceLabelConfig));
        Assert.Equal(change.Reference, change.Difference);
        Assert.Empty(CompareSlice.Run(_temporary.Repository, "v2", "v2", _temporary.Context).Exports);
        Assert.Equal(Hash(Second), Assert.Single(TraceSource.OfSlice(_temporary.Repository, "v2", _temporary.Context)).LabelConfigSha256);
    }

    [Fact]
    public void A_configuration_archived_after_the_training_is_no_change_of_labels()
    {
        Add(null);
        _temporary.New(new NewSliceRequest("v1") { TrainedAt = _temporary.Context.Clock.GetUtcNow() });
        Add(First);
        Directory.Delete(_temporary.PathOf(".harvest/cache/parts"), recursive: true);

        RetrainState state = RetrainStateReader.Run(_temporary.Repository, _temporary.Context);

        // Both sides are one part, of the candidate's configuration.
        Assert.Equal(("v1", 0), (state.TrainedSlice, state.CorrectedEpisodes));
        Assert.Single(Directory.GetDirectories(_temporary.PathOf(".harvest/cache/parts")));
    }

    [Fact]
    public void Reading_the_labels_later_leaves_a_configuration_that_was_archived_meanwhile()
    {
        string path = _temporary.Write("label_studio/hands.json", s_hands);
        AddExport.Run(_temporary.Repository, path, "b", _temporary.Context, labels: false, labelConfig: Config(First));

        _temporary.New("v1");

        Assert.NotNull(Recorded.LabelSha256);
        Assert.Equal(Hash(First), Recorded.LabelConfigSha256);
    }

    private AddedExport Add(string? config) => AddExport.Run(
        _temporary.Repository,
        _temporary.Write("label_studio/hands.json", s_hands),
        "b",
        _temporary.Context,
        labelConfig: config is null ? null : Config(config));

    private LabelConfigFile Config(string xml) => LabelConfigFile.Read(_temporary.WriteText("config.xml", xml));

    private DriftReport Check(string version, bool quick = false) =>
        new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load(version), quick);

    private ArchiveFinding[] CheckArchive(out bool whole)
    {
        var check = new ArchiveCheck(HarvestTools.Workflows.CheckArchive.Of(_temporary.Repository));
        ArchiveFinding[] findings = [.. check.Run()];
        whole = check.Whole;
        return findings;
    }

    private void Delete(string sha256)
    {
        string path = _temporary.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

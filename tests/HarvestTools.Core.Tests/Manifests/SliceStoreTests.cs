using System.Diagnostics;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Manifests;

public sealed class SliceStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SliceStore _store;

    public SliceStoreTests()
    {
        _store = new SliceStore(_folder["slices"], _folder["locks"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_slice_is_created_once_and_read_back()
    {
        Assert.Empty(_store.Versions());
        Assert.False(_store.Exists("v1"));

        string path = _store.Create(Manifest("v1"));

        Assert.Equal(_folder["slices/v1/slice.json"], path);
        Assert.True(_store.Exists("v1"));
        Assert.Equal("harvest@v1.0.0", _store.Load("v1").HarvestVersion);
        HarvestException error = Assert.Throws<HarvestException>(() => _store.Create(Manifest("v1") with { Reason = "again" }));
        Assert.Equal("SliceExists", error.ErrorId);
        Assert.Null(_store.Load("v1").Reason);
        Assert.Equal(["slice.json"], _folder.Names("slices/v1"));
    }

    [Fact]
    public void Versions_count_and_other_folders_are_no_slices()
    {
        foreach (string version in new[] { "v10", "v2", "v1", "beta_1" })
        {
            _store.Create(Manifest(version));
        }

        Directory.CreateDirectory(_folder["slices/v3"]);
        _folder.Write("slices/.hidden/slice.json", "{}");
        _folder.Write("slices/notes.txt", "");

        Assert.Equal(["beta_1", "v1", "v2", "v10"], _store.Versions());

        // A process killed between folder and file must not block the version.
        _store.Create(Manifest("v3"));
    }

    [Fact]
    public void Versions_that_differ_by_case_alone_are_refused()
    {
        _store.Create(Manifest("v1a"));
        Assert.Equal("SliceDiffersByCase", Assert.Throws<HarvestException>(() => _store.Create(Manifest("V1A"))).ErrorId);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("-v")]
    [InlineData("")]
    [InlineData("nul.x")]
    [InlineData("v1.")]
    public void A_name_that_is_no_file_name_everywhere_is_refused(string version) =>
        Assert.Equal("SliceVersionInvalid", Assert.Throws<HarvestException>(() => _store.Load(version)).ErrorId);

    [Fact]
    public void A_slice_that_is_not_there_suggests_the_nearest()
    {
        _store.Create(Manifest("weekly-12"));
        HarvestException error = Assert.Throws<HarvestException>(() => _store.Load("wekly-12"));
        Assert.Equal(("SliceNotFound", HarvestFault.NotFound), (error.ErrorId, error.Fault));
        Assert.Contains("'weekly-12'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_manifest_does_not_stop_the_others()
    {
        _store.Create(Manifest("v1"));
        _folder.Write("slices/v2/slice.json", "{ \"slice_version\": ");
        _store.Create(Manifest("v3"));
        File.Copy(_store.PathOf("v3"), _folder.Write("slices/v4/slice.json", ""), overwrite: true);

        SliceEntry[] entries = [.. _store.LoadAll()];

        Assert.Equal(["v1", "v2", "v3", "v4"], entries.Select(entry => entry.Version));
        Assert.Equal([null, "JsonSyntax", null, "SliceVersionMismatch"], entries.Select(entry => entry.Error?.ErrorId));
        Assert.Equal(["v1", null, "v3", null], entries.Select(entry => entry.Manifest?.Version));
    }

    [Fact]
    public void The_newest_is_the_one_created_last()
    {
        Assert.Null(_store.Newest());
        _store.Create(Manifest("v1") with { CreatedAt = At("2026-05-03T00:00:00Z"), TrainedAt = At("2026-01-01T00:00:00Z") });
        _store.Create(Manifest("v2") with { TrainedAt = At("2026-05-02T00:00:00Z") });
        _store.Create(Manifest("v3"));
        Assert.Equal("v1", _store.Newest()?.Version);

        // The same instant in another zone; of equal ones the first counts.
        _store.Create(Manifest("v4") with { CreatedAt = At("2026-05-03T02:00:00+02:00") });
        Assert.Equal("v1", _store.Newest()?.Version);
        _store.Create(Manifest("v5") with { CreatedAt = At("2026-05-03T01:00:00Z") });
        Assert.Equal("v5", _store.Newest()?.Version);

        // One that is older may be broken; the newest, and one that does not say when it was made, may not.
        _folder.Write("slices/v6/slice.json", "{ \"created_at\": \"2025-01-01T00:00:00Z\", \"exports\": [");
        Assert.Equal("v5", _store.Newest()?.Version);
        string newer = _folder.Write("slices/v7/slice.json", "{ \"created_at\": \"2027-01-01T00:00:00Z\", \"exports\": [");
        Assert.Equal("JsonSyntax", Assert.Throws<HarvestException>(_store.Newest).ErrorId);
        File.WriteAllText(newer, "[]");
        Assert.Equal("JsonSyntax", Assert.Throws<HarvestException>(_store.Newest).ErrorId);

        // When it was trained on says nothing where the other time may be what broke.
        File.WriteAllText(newer, "{ \"created_ax\": \"2027-01-01T00:00:00Z\", \"trained_at\": \"2025-01-01T00:00:00Z\", \"exports\": [");
        Assert.Equal("JsonSyntax", Assert.Throws<HarvestException>(_store.Newest).ErrorId);
        Assert.Equal(["v6", "v7"], _store.Unreadable().Select(static entry => entry.Version));
        Assert.All(_store.Unreadable(), static entry => Assert.StartsWith($"Slice {entry.Version} cannot be read", entry.PassedOver, StringComparison.Ordinal));
    }

    [Fact]
    public void Changes_at_once_are_all_kept()
    {
        _store.Create(Manifest("v1"));
        Parallel.For(0, 40, i => _store.Rewrite("v1", manifest => manifest with { Runs = [.. manifest.Runs, new SliceRun { Name = $"m{i}" }] }));
        Assert.Equal(40, _store.Load("v1").Runs.Select(run => run.Name).Distinct().Count());
        Assert.Equal(["slice.json"], _folder.Names("slices/v1"));
    }

    [Fact]
    public void Ten_thousand_slices_are_listed_and_read_in_a_moment()
    {
        byte[] text = Manifest("v0").ToUtf8Bytes();
        for (int i = 0; i < 10_000; i++)
        {
            // Written plainly: ten thousand flushes would test the disk.
            string version = $"v{i}";
            Directory.CreateDirectory(_folder[$"slices/{version}"]);
            File.WriteAllBytes(_store.PathOf(version), [.. System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(text).Replace("\"v0\"", $"\"{version}\"", StringComparison.Ordinal))]);
        }

        long start = Stopwatch.GetTimestamp();
        Assert.Equal(10_000, _store.Versions().Count);
        double listing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.Equal("v9999", _store.LoadAll().Last().Manifest!.Version);
        double reading = Stopwatch.GetElapsedTime(start).TotalSeconds - listing;

        // Wide of what it takes, since machines differ: a quadratic step would take minutes.
        Assert.True(listing < 5 && reading < 15, $"listing took {listing:F2} s, reading {reading:F2} s");
    }

    private static Timestamp At(string text) => Timestamp.TryParse(text, out Timestamp time) ? time : throw new FormatException(text);

    private static SliceManifest Manifest(string version) => new()
    {
        Version = version,
        Exports = [new SliceExport { Project = "p", Sha256 = new string('a', 64), Path = "a.json" }],
        HarvestVersion = "harvest@v1.0.0",
    };
}

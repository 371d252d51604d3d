using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Archive;

/// <summary>What several processes do at once, and what one leaves behind that is killed.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_process_killed_at_any_moment_leaves_nothing_half_written()
    {
        int kills = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 100 : 20;
        var random = new Random(20260511);
        for (int i = 0; i < kills; i++)
        {
            using (SecondProcess writer = SecondProcess.Start("churn", _fixture.Folder.Path, i.ToString(CultureInfo.InvariantCulture)))
            {
                Thread.Sleep(random.Next(0, 60));
                writer.Kill();
            }

            // What stands under a final name is complete: objects have their hash, records and manifests parse.
            ArchiveFinding[] findings = _fixture.Check(out bool whole);
            Assert.True(whole, string.Join('\n', findings.Where(finding => finding.IsFault).Select(finding => finding.Message)));
            Assert.All(findings, finding => Assert.True(
                finding.Kind is ArchiveFindingKind.Stale or ArchiveFindingKind.Unreferenced, finding.Message));
        }

        SliceEntry[] slices = [.. _fixture.Repository.Slices.LoadAll()];
        Assert.True(slices.Length >= kills);
        Assert.All(slices, slice => Assert.Null(slice.Error));
        Assert.All(slices, slice => Assert.True(_fixture.Archive.Contains(slice.Manifest!.Exports[0].Sha256)));

        // The dead writers' temporary files go, and nothing else.
        int objects = Directory.GetFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories).Length
            - Files(_fixture.Folder[".harvest/archive/sha256"], ".tmp-*");
        _fixture.Check(out bool repaired, repair: true);
        Assert.True(repaired);
        Assert.Equal(0, Files(_fixture.Folder.Path, ".tmp-*"));
        Assert.Equal(objects, Files(_fixture.Folder[".harvest/archive/sha256"], "*"));
    }

    [Fact]
    public void What_stands_under_a_final_name_is_complete_at_every_moment_of_the_writing()
    {
        // A kill seldom falls into the few microseconds in which a careless writer would be caught; a reader that looks
        // at every new name as soon as it is there sees the same state, and sees it each time.
        using SecondProcess writer = SecondProcess.Start("churn", _fixture.Folder.Path, "7");
        var seen = new HashSet<string>();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 1500)
        {
            foreach (string path in Directory.EnumerateFiles(_fixture.Folder[".harvest/archive/sha256"], "*", SearchOption.AllDirectories))
            {
                string name = Path.GetFileName(path);
                if (!name.StartsWith('.') && seen.Add(path))
                {
                    Assert.Equal(name, HarvestTools.Files.FileHash.Compute(path));
                    Assert.True(HarvestTools.Files.FileAccessBits.IsReadOnly(path));
                }
            }

            Assert.All(_fixture.Archive.Records(), record => Assert.Null(record.Error));
            Assert.All(_fixture.Repository.Slices.LoadAll(), slice => Assert.Null(slice.Error));
        }

        Assert.True(seen.Count > 3, "the writer wrote too little for this to mean anything");
        writer.Kill();
    }

    [Fact]
    public void Two_processes_that_add_the_same_export_at_once_both_succeed()
    {
        string source = _fixture.Folder["shared.json"];
        var bytes = new byte[3_000_000];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(source, bytes);

        string[] said = AtOnce(gate => ["add", _fixture.Folder.Path, source, gate], 2);

        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Assert.All(said, line => Assert.Contains(line, new[] { $"Added {sha256}", $"AlreadyThere {sha256}" }));
        Assert.Contains($"Added {sha256}", said);
        Assert.Equal(bytes, File.ReadAllBytes(_fixture.Archive.PathOf(sha256)));
        Assert.Equal("shared", Assert.Single(_fixture.Archive.List()).Project);
        Assert.Empty(_fixture.Check(out bool whole));
        Assert.True(whole);
    }

    [Fact]
    public void Of_processes_that_create_one_slice_at_once_exactly_one_wins()
    {
        for (int round = 0; round < 3; round++)
        {
            string version = string.Create(CultureInfo.InvariantCulture, $"v{round}");
            string[] said = AtOnce(gate => ["create", _fixture.Folder.Path, version, gate], 3);
            Assert.Equal(["lost", "lost", "won"], said.Order());
            Assert.Equal(version, _fixture.Repository.Slices.Load(version).Version);
        }
    }

    [Fact]
    public void Processes_that_register_models_at_once_lose_none()
    {
        string sha256 = _fixture.Add("[1]");
        _fixture.Repository.Slices.Create(new SliceManifest
        {
            Version = "v1",
            Exports = [new SliceExport { Project = "p", Sha256 = sha256 }],
            HarvestVersion = "harvest@v1.0.0",
        });

        int process = 0;
        AtOnce(gate => ["register", _fixture.Folder.Path, "v1", $"m{process++}", "15", gate], 2);
        Assert.Equal(30, _fixture.Repository.Slices.Load("v1").Runs.Select(run => run.Name).Distinct().Count());
    }

    private static int Files(string folder, string pattern) => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Length;

    private string[] AtOnce(Func<string, string[]> arguments, int count)
    {
        string gate = _fixture.Folder[$"gate-{Guid.NewGuid():N}"];
        SecondProcess[] processes = [.. Enumerable.Range(0, count).Select(_ => SecondProcess.Start(arguments(gate)))];
        File.WriteAllText(gate, "");
        string[] said = [.. processes.Select(process => process.Finish())];
        Array.ForEach(processes, process => process.Dispose());
        return said;
    }
}

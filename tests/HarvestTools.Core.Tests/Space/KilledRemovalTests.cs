using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Tests.Archive;
using HarvestTools.Tests.Faults;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>A removal that is killed, or for which the disk is full, leaves every slice as it was: it builds byte for byte.</summary>
public sealed class KilledRemovalTests : IDisposable
{
    private static readonly int s_times = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 100 : 6;

    private readonly TemporaryRepository _repository = new();
    private readonly string _needed;

    public KilledRemovalTests()
    {
        _needed = _repository.Add("exports/1.json", ExportPlan.ForTasks(SampleKind.Hands, 7), "a").Sha256;
        _repository.New("v1");
        _repository.Add("exports/2.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "a");
        _repository.New("v2");
        File.Delete(_repository.PathOf("exports/1.json"));
        File.Delete(_repository.PathOf("exports/2.json"));
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void Killed_at_any_moment()
    {
        var random = new Random(20_261_129);
        for (int i = 0; i < s_times; i++)
        {
            SetAside();
            using (SecondProcess process = SecondProcess.Start("collect", _repository.Folder, i.ToString(CultureInfo.InvariantCulture)))
            {
                Thread.Sleep(random.Next(0, 150));
                process.Kill();
            }

            RequireEverything();
        }
    }

    [Fact]
    public void On_a_disk_that_is_full_at_any_call_or_from_it_on()
    {
        var random = new Random(7);
        int failed = 0;
        for (int i = 0; i < 5 * s_times; i++)
        {
            SetAside();
            _repository.Repository.Archive.Local.AddBytes(BitConverter.GetBytes(random.Next()));
            var fault = new InjectedFault(random.Next(1, 60), i % 2 == 0 ? FaultKind.Broken : FaultKind.Cut);
            using (fault.Use())
            {
                try
                {
                    RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), _repository.Context with { Threads = 1, Clock = new LaterClock(40 * i) });
                }
                catch (HarvestException error)
                {
                    Assert.Equal(HarvestFault.FileSystem, error.Fault);
                    failed++;
                }
            }

            if (i % 5 == 0)
            {
                RequireEverything();
            }
        }

        RequireEverything();
        Assert.True(failed > s_times, $"only {failed} removals failed");
    }

    /// <summary>A slice that comes with git may need what is in quarantine and long over its days.</summary>
    private void SetAside()
    {
        LocalObjectStore store = _repository.Repository.Archive.Local;
        if (store.Has(_needed))
        {
            store.Unreachable.Put(store.PathOf(_needed), new DateOnly(2020, 1, 1));
        }
    }

    private void RequireEverything()
    {
        if (Directory.Exists(_repository.Repository.CacheFolder))
        {
            Directory.Delete(_repository.Repository.CacheFolder, recursive: true);
        }

        Repository repository = _repository.Repository;
        ArchiveFinding[] faults = [.. new ArchiveCheck(CheckArchive.Of(repository)).Run().Where(static finding => finding.IsFault)];
        Assert.True(faults.Length == 0, string.Join('\n', faults.Select(static finding => finding.Message)));
        foreach (string version in (string[])["v1", "v2"])
        {
            // It throws where a byte differs from what was recorded.
            SliceManifest slice = repository.Slices.Load(version);
            Assert.Equal(slice.Outputs.Select(static output => output.Sha256).Order(), BuildSlice.Run(repository, slice, _repository.Context).Tables.Where(static table => table.Rows > 0).Select(static table => table.Sha256).Order());
        }
    }
}

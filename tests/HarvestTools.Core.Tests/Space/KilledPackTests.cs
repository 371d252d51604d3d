using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Tests.Archive;
using HarvestTools.Tests.Faults;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>
/// Packing, its undoing, and the removal of what is packed, killed at any moment or on a full disk: every slice builds byte for byte then,
/// and nothing is wrong once the command was run again.
/// </summary>
public sealed class KilledPackTests : IDisposable
{
    private static readonly int s_times = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 200 : 4;

    private readonly TemporaryRepository _repository = new();
    private readonly string[] _versions = ["v1", "v2", "v3"];

    public KilledPackTests()
    {
        // Two lines of exports, so that there are two anchors; of every second one there is no slice.
        for (int week = 1; week <= 6; week++)
        {
            _repository.Add($"exports/{week}.json", ExportPlan.ForTasks(SampleKind.Hands, 60) with { Seed = week > 3 ? 7UL : 1UL, Relabelled = [week], RelabelRound = week }, "a");
            File.Delete(_repository.PathOf($"exports/{week}.json"));
            if (week % 2 == 1)
            {
                _repository.New(new NewSliceRequest($"v{(week + 1) / 2}") { AllowShrink = true });
            }
        }
    }

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("pack")]
    [InlineData("collect-packs")]
    public void Killed_at_any_moment(string what)
    {
        var random = new Random(20_261_129);
        for (int i = 0; i < s_times; i++)
        {
            using (SecondProcess process = SecondProcess.Start(what, _repository.Folder, i.ToString(CultureInfo.InvariantCulture)))
            {
                Thread.Sleep(random.Next(0, 300));
                process.Kill();
            }

            RequireEverything();
            Pack();
            Gc(100);
            RequireEverything();
        }
    }

    [Fact]
    public void On_a_disk_that_is_full_at_any_call_or_from_it_on()
    {
        var random = new Random(7);
        int failed = 0;
        for (int i = 0; i < 8 * s_times; i++)
        {
            var fault = new InjectedFault(random.Next(1, 120), i % 2 == 0 ? FaultKind.Broken : FaultKind.Cut);
            using (fault.Use())
            {
                try
                {
                    switch (i % 4)
                    {
                        case 0 or 2:
                            Pack();
                            break;
                        case 1:
                            Gc(40 * i);
                            break;
                        default:
                            Unpack();
                            break;
                    }
                }
                catch (HarvestException error)
                {
                    Assert.Equal(HarvestFault.FileSystem, error.Fault);
                    failed++;
                }
            }

            if (i % 4 == 3)
            {
                RequireEverything();
            }
        }

        Pack();
        RequireEverything();
        Assert.True(failed > s_times, $"only {failed} commands failed");
    }

    private void Unpack()
    {
        using UnpackExports unpacking = UnpackExports.Begin(_repository.Repository, [], _repository.Context);
        foreach (PackTarget target in unpacking.Targets)
        {
            unpacking.Unpack(target, _repository.Context);
        }
    }

    private void Pack()
    {
        using PackExports packing = PackExports.Begin(_repository.Repository, [], _repository.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, _repository.Context);
        }
    }

    private void Gc(int days) => RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), _repository.Context with { Threads = 1, Clock = new LaterClock(days) });

    private void RequireEverything()
    {
        Repository repository = _repository.Repository;
        if (Directory.Exists(repository.CacheFolder))
        {
            Folders.Delete(repository.CacheFolder);
        }

        string[] faults = [.. new ArchiveCheck(CheckArchive.Of(repository)).Run().Where(static finding => finding.IsFault).Select(static finding => finding.Message)];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        foreach (string version in _versions)
        {
            SliceManifest slice = repository.Slices.Load(version);
            Assert.Equal(slice.Outputs.Select(static output => output.Sha256).Order(), BuildSlice.Run(repository, slice, _repository.Context).Tables.Where(static table => table.Rows > 0).Select(static table => table.Sha256).Order());
        }
    }
}

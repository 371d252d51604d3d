using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>A file system that gives no file a second name, as exFAT and some network shares: all is as elsewhere, with copies.</summary>
public sealed class WithoutLinksTests
{
    [Fact]
    public void A_repository_is_the_same_without_links()
    {
        using FaultRepository expected = FaultRepository.Create();
        using FaultRepository actual = FaultRepository.Create();
        Work(expected);
        var refused = new NoLinks();
        using (FileFaults.Use(refused))
        {
            Work(actual);
        }

        Assert.True(refused.Count > 5, $"only {refused.Count} links were asked for");
        Assert.Equal(expected.Snapshot(), actual.Snapshot());
    }

    [Fact]
    public void Of_several_that_make_one_file_at_once_exactly_one_does()
    {
        using FaultRepository repository = FaultRepository.Create();
        using (FileFaults.Use(new NoLinks()))
        {
            for (int round = 0; round < 20; round++)
            {
                string path = repository.PathOf($"one-{round}");
                bool[] made = new bool[4];
                Parallel.For(0, made.Length, i => made[i] = AtomicFile.TryCreateNew(path, [(byte)i]));
                Assert.Equal([(byte)Array.IndexOf(made, true)], File.ReadAllBytes(path));
                Assert.Single(made, true);
            }
        }
    }

    private static void Work(FaultRepository made)
    {
        foreach ((string name, ExportPlan plan) in new[] { ("hands", ExportPlan.ForTasks(SampleKind.Hands, 6)), ("actions", ExportPlan.ForTasks(SampleKind.Actions, 4)) })
        {
            string path = made.PathOf($"{name}.json");
            using (FileStream file = File.Create(path))
            {
                ExportGenerator.Write(file, plan);
            }

            AddExport.Run(made.Repository, path, name, made.Context);
        }

        NewSlice.Run(made.Repository, new NewSliceRequest("v1"), made.Context);
        NewSlice.Run(made.Repository, new NewSliceRequest("v2"), made.Context);
        RegisterModel.Run(made.Repository, new ModelRegistration("v1", "hand"), made.Context);
        RemoveSlice.Run(made.Repository, "v2", made.Context);
        File.Delete(made.PathOf("hands.json"));
        RestoreExport.Run(made.Repository, RestoreExport.Plan(made.Repository, "hands", null).Single(), force: false, made.Context);
        Directory.Delete(made.PathOf(".harvest/cache"), recursive: true);
        BuildSlice.Run(made.Repository, made.Repository.Slices.Load("v1"), made.Context);
        CheckedSlice slice = Assert.Single(CheckSlices.Run(made.Repository, [], quick: false, made.Context));
        Assert.Equal("Clean", slice.Report?.Status);
        var check = new ArchiveCheck(CheckArchive.Of(made.Repository)) { Threads = 1 };
        Assert.DoesNotContain(check.Run(), static finding => finding.IsFault);
    }

    private sealed class NoLinks : IFileFaults
    {
        private const int NotPermitted = 1;
        private int _count;

        public int Count => _count;

        public void Before(FileCall call, string path)
        {
            if (call == FileCall.Link)
            {
                Interlocked.Increment(ref _count);
                throw new IOException("Operation not permitted", NotPermitted);
            }
        }
    }
}

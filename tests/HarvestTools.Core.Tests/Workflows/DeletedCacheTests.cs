using System.Diagnostics;
using HarvestTools.Drift;
using HarvestTools.Samples;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>The cache may be deleted at any time: what is missing is derived again, or named, and nothing fails by surprise.</summary>
public sealed class DeletedCacheTests : IDisposable
{
    private readonly TemporaryRepository _temporary = new();

    public DeletedCacheTests()
    {
        _ = _temporary.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 40), "a");
        _ = _temporary.New("v1");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_cache_that_is_deleted_while_an_export_is_derived_is_made_again()
    {
        Delete();
        var deleting = new DeletingOnce(Delete);
        WorkContext context = _temporary.Context with { Progress = deleting };
        BuiltSlice built = BuildSlice.Run(_temporary.Repository, _temporary.Repository.Slices.Load("v1"), context);
        Assert.True(deleting.Done);
        Assert.All(built.Tables, static table => Assert.True(File.Exists(table.Path)));
    }

    [Fact]
    public async Task Whatever_is_deleted_and_when_a_command_works_or_says_what_is_missing()
    {
        using var stop = new CancellationTokenSource();
        var deleting = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Delete();
                    Thread.Sleep(1);
                }
            },
            CancellationToken.None);

        var clock = Stopwatch.StartNew();
        int runs = 0;
        for (; runs < 4 || (clock.Elapsed < TimeSpan.FromSeconds(4) && runs < 200); runs++)
        {
            Act(() => _ = RetrainStateReader.Run(_temporary.Repository, _temporary.Context));
            Act(() => _ = new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load("v1"), quick: runs % 2 == 0));
            Act(() => _ = BuildSlice.Run(_temporary.Repository, _temporary.Repository.Slices.Load("v1"), _temporary.Context));
        }

        await stop.CancelAsync();
        await deleting;
        Assert.Equal(DriftStatus.Clean, new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load("v1"), quick: false).Status);
    }

    /// <summary>Every other exception than the engine's own fails the test.</summary>
    private static void Act(Action command)
    {
        try
        {
            command();
        }
        catch (HarvestException named)
        {
            Assert.Equal("FileNotFound", named.ErrorId);
            Assert.Contains("cache", named.Message, StringComparison.Ordinal);
        }
    }

    private void Delete()
    {
        try
        {
            string cache = _temporary.PathOf(".harvest/cache");
            foreach (string file in Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories))
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }

            Directory.Delete(cache, recursive: true);
        }
        catch (Exception meanwhile) when (meanwhile is IOException or UnauthorizedAccessException)
        {
            // A writer is in it; the next round deletes the rest.
        }
    }

    private sealed class DeletingOnce(Action delete) : IProgress<WorkProgress>
    {
        private int _done;

        public bool Done => _done > 0;

        public void Report(WorkProgress value)
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                delete();
            }
        }
    }
}

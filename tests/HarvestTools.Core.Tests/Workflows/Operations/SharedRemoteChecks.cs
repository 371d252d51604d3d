using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows.Operations;

/// <summary>What holds of the remote of a repository, and of the clones that pull from it, however many pushes and pulls were cut off.</summary>
internal static class SharedRemoteChecks
{
    private static readonly WorkContext s_context = WorkContext.Default with { Threads = 1 };

    /// <summary>Every object that the remote shows has the bytes that its name says: none is half-written.</summary>
    public static void RequireWholeObjects(string folder)
    {
        string objects = Path.Combine(OperationFolders.RemoteOf(folder), "sha256");
        foreach (string file in Directory.Exists(objects) ? Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories) : [])
        {
            Assert.True(PendingFile.IsOwn(Path.GetFileName(file)) || FileHash.Compute(file) == Path.GetFileName(file), $"{file} has other bytes than its name says");
        }
    }

    /// <summary>A clone may lack what nobody pushed; what it has is right.</summary>
    public static void RequireWholeClone(string clone)
    {
        string[] wrong =
        [
            .. new ArchiveCheck(CheckArchive.Of(Repository.Find(clone))) { Threads = 1 }.Run()
                .Where(static finding => finding.IsFault && finding.Kind is not (ArchiveFindingKind.Missing or ArchiveFindingKind.StoreAbsent))
                .Select(static finding => finding.Message),
        ];
        Assert.True(wrong.Length == 0, string.Join("; ", wrong));
    }

    /// <summary>After a push that reads everything another machine gets all that slices name, and its slices are clean.</summary>
    public static void RequireCloneOfEverything(string folder, OperationSamples samples)
    {
        RequireNoFailure(PushSlices.Run(Repository.Find(folder), new TransferRequest { Deep = true }, s_context));
        foreach (string clone in Directory.EnumerateDirectories(folder, "clone-*"))
        {
            Repository updated = OperationFolders.Update(folder, clone);
            RequireNoFailure(PullSlices.Run(updated, new TransferRequest { Tables = true }, s_context));
        }

        string fresh = OperationFolders.CloneOf(folder, "fresh");
        Repository repository = OperationFolders.Update(folder, fresh);
        RequireNoFailure(PullSlices.Run(repository, new TransferRequest(), s_context));
        RequireWholeClone(fresh);
        string[] named = [.. repository.Slices.LoadAll().SelectMany(static slice => slice.Manifest!.Exports).Select(static export => export.Sha256).Distinct()];

        // Without the remote: what is there was pulled.
        Repository alone = Repository.Find(fresh);
        alone.Offline = true;
        Final.Require(alone, samples, named);
    }

    private static void RequireNoFailure(TransferResult result) =>
        Assert.True(result.Failed == 0, string.Join("; ", result.Items.Select(static item => item.Error?.Message).OfType<string>()));
}

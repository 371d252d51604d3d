using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Says in a remote what a repository needs there, and leases what a push relies on.</summary>
internal static class RemoteDeclaration
{
    /// <summary>The present time, whatever SOURCE_DATE_EPOCH says: leases and days are such that go by.</summary>
    public static TimeProvider ClockOf(WorkContext context) => ReferenceEquals(context.Clock, RecordingClock.Instance) ? TimeProvider.System : context.Clock;

    /// <summary>Before a push looks what is there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="objects">What is sent, or is there and is not sent.</param>
    /// <param name="tables">The keys of parts that are sent or there, by the key of the slice.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <exception cref="HarvestException">The remote cannot be written; RemoteSweepWaited.</exception>
    public static RemoteUse Begin(
        Repository repository, Remote remote, IReadOnlyCollection<string> objects, IReadOnlyDictionary<string, IReadOnlyList<string>> tables, WorkContext context)
    {
        _ = Declare(repository, remote, tables, fault => repository.Notice?.Invoke(RemoteText.NotAllDeclared(remote.Name, fault.Message)), context, out _);
        return RemoteUse.Begin(
            remote.Files, ClockOf(context), [.. objects, .. tables.Keys, .. tables.Values.SelectMany(static parts => parts)], repository.Notice, wait: null, context.Cancellation);
    }

    /// <summary>Says what the repository needs.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="tables">The keys of parts that are sent or there, by the key of the slice.</param>
    /// <param name="unknown">Receives why not all of it is known; null where that is an error.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <param name="reach">Receives the reasons.</param>
    public static RegisteredAtRemote Declare(
        Repository repository, Remote remote, IReadOnlyDictionary<string, IReadOnlyList<string>> tables, Action<HarvestException>? unknown, WorkContext context, out ReachableObjects reach)
    {
        using FileLock alone = RepositoryIdentity.Lock(repository, context.Cancellation);
        string id = RepositoryIdentity.Require(repository);
        RegisteredAtRemote? before = RemoteRegistry.TryFind(remote.Files, id, context.Cancellation);
        RegisteredAtRemote one = RemoteReach.Of(repository, id, before, tables, ClockOf(context).GetUtcNow(), unknown, out reach, context.Cancellation);

        // A push that has nothing to do changes nothing there.
        if (before is null || !one.SaysTheSameAs(before) || one.DeclaredAt.Instant - before.DeclaredAt.Instant is var age && (age < TimeSpan.Zero || age >= TimeSpan.FromDays(1)))
        {
            RemoteRegistry.Declare(remote.Files, one, context.Cancellation);
        }

        return one;
    }

    /// <summary>The keys under which tables of slices are sent.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> TablesOf(Repository repository, IReadOnlyList<SliceManifest> slices)
    {
        var tables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (SliceManifest slice in slices.Where(static slice => slice.IsProgram || SliceVersions.Of(slice).AreSupported))
        {
            tables[SliceInputs.KeyOf(repository, slice)] = slice.IsProgram ? [] : SliceInputs.Definition(repository, slice) is var definition
                ? [.. slice.Exports.Select(export => SliceInputs.PartKeyOf(repository, export, definition)).Distinct(StringComparer.Ordinal)]
                : [];
        }

        return tables;
    }
}

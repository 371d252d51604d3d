using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Removes from a remote what no repository that is registered there needs: noted at one call, and removed at a later one, once it was so for
/// long enough. No process waits meanwhile.
/// </summary>
public static class RemoveUnreachableRemote
{
    /// <summary>What would be done; nothing is changed, here or there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">The remote, and what is asked for besides.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <exception cref="HarvestException">What is needed is not known; the remote is unknown or cannot be read.</exception>
    public static UnreachableReport Plan(Repository repository, UnreachableRequest request, WorkContext context)
    {
        using Remote remote = Open(repository, request);
        remote.Files.RequireLayout(context.Cancellation);
        string? id = RepositoryIdentity.TryRead(repository);
        RegisteredAtRemote? before = id is null ? null : RemoteRegistry.TryFind(remote.Files, id, context.Cancellation);
        DateTimeOffset now = RemoteDeclaration.ClockOf(context).GetUtcNow();
        RegisteredAtRemote own = RemoteReach.Of(repository, id ?? "", before, s_noTables, now, unknown: null, out ReachableObjects reach, context.Cancellation);
        RemoteLook look = Look(repository, remote, own, reach, request, now, context);
        return Report(repository, remote, look, look.Due, done: false, now) with { Repositories = [.. Registered(look).Where(one => before is not null || one.Id != own.Id)] };
    }

    /// <summary>Does it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">The remote, and what is asked for besides.</param>
    /// <param name="context">Clock, cancellation, which is heeded between two files.</param>
    /// <exception cref="HarvestException">As <see cref="Plan"/>; RemoteGcRunning, RemoteGcNeedsExclusive, RemoteGcLapsed; the remote refuses. What is done by then is done, and the command goes on from there.</exception>
    public static UnreachableReport Run(Repository repository, UnreachableRequest request, WorkContext context)
    {
        using Remote remote = Open(repository, request);
        remote.Files.RequireLayout(context.Cancellation);
        if (!request.Exclusive && !remote.Files.HasConditions(context.Cancellation))
        {
            throw SpaceErrors.RemoteGcNeedsExclusive(remote.Name, remote.Files.Name);
        }

        TimeProvider clock = RemoteDeclaration.ClockOf(context);
        RegisteredAtRemote own = RemoteDeclaration.Declare(repository, remote, s_noTables, unknown: null, context, out ReachableObjects reach);
        var sweeper = new RemoteSweeper(remote, clock, own.Name, context.Cancellation);
        (RemoteLook look, IReadOnlySet<string> removed) = sweeper.Run(() => Look(repository, remote, own, reach, request, clock.GetUtcNow(), context), request.Forget);
        return Report(repository, remote, look, removed, done: true, clock.GetUtcNow()) with { Repositories = Registered(look) };
    }

    /// <summary>What was removed from the remote before.</summary>
    /// <inheritdoc cref="Plan"/>
    internal static IEnumerable<RemovedObject> Removals(Repository repository, UnreachableRequest request, WorkContext context)
    {
        using Remote remote = Open(repository, request);
        return RemoteRemovals.Of(remote.Files, context.Cancellation).Values;
    }

    private static readonly Dictionary<string, IReadOnlyList<string>> s_noTables = new(StringComparer.Ordinal);

    private static Remote Open(Repository repository, UnreachableRequest request)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        return repository.OpenRemote(request.Remote);
    }

    private static RemoteLook Look(Repository repository, Remote remote, RegisteredAtRemote own, ReachableObjects reach, UnreachableRequest request, DateTimeOffset now, WorkContext context)
    {
        if (request.Forget.Count > 0)
        {
            string[] known = [.. remote.Files.List(RemoteRegistry.Folder, context.Cancellation).Select(static file => RemoteRegistry.IdOf(file.Path)).Where(id => id != own.Id)];
            if (request.Forget.FirstOrDefault(id => !known.Contains(id, StringComparer.Ordinal)) is { } unknown)
            {
                throw SpaceErrors.RegisteredRepositoryUnknown(remote.Files.Name, unknown, known);
            }
        }

        return RemoteLook.At(
            remote, own, reach, request.Forget, new VerifyingSource(repository.Archive.Local), TimeSpan.FromDays(repository.Settings.Retention.RemoteGraceDays), now, context.Cancellation);
    }

    private static RegisteredRepositoryInfo[] Registered(RemoteLook look) =>
        [.. look.Repositories.Select(static one => new RegisteredRepositoryInfo(one.Id, one.Name, one.DeclaredAt.Instant))];

    private static UnreachableReport Report(Repository repository, Remote remote, RemoteLook look, IReadOnlySet<string> removed, bool done, DateTimeOffset now)
    {
        var objects = new List<ReachedObject>(look.Contents.Things.Count);
        foreach (RemoteThing thing in look.Contents.Things.Values)
        {
            if (look.Needed.Contains(thing.Sha256))
            {
                string what = look.Needed.WhatIs(thing.Sha256) is { } known && known != "object" ? known : thing.What;
                objects.Add(new ReachedObject(thing.Sha256, what, thing.Bytes, ObjectState.Kept, look.Needed.ReasonsOf(thing.Sha256)));
                continue;
            }

            bool seen = look.SinceOf(thing.Sha256) is not null;
            DateTimeOffset since = look.SinceOf(thing.Sha256) ?? now;
            string state = removed.Contains(thing.Sha256) ? ObjectState.Removed : seen ? ObjectState.Waiting : ObjectState.Noted;
            objects.Add(new ReachedObject(thing.Sha256, thing.What, thing.Bytes, state, [])
            {
                NotedOn = Day(since),
                RemovedFrom = Day(since.AddDays(repository.Settings.Retention.RemoteGraceDays)),
            });
        }

        return new UnreachableReport(objects, look.Needed.Notes) { Done = done, Remote = remote.Name, Address = remote.Files.Name };
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

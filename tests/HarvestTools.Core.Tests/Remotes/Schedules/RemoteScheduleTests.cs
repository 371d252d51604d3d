using System.Security.Cryptography;
using System.Text;
using CsCheck;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Space;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Remotes.Schedules;

/// <summary>
/// Three repositories push to, pull from and remove from one remote at the same time, in random orders, with a clock that jumps, calls that fail
/// and commands that are cut. What a push said is there stays there as long as its repository names it.
/// </summary>
public sealed class RemoteScheduleTests : IDisposable
{
    private static readonly int s_schedules = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 20_000 : 400;

    private readonly TemporaryFolder _spill = new();

    public void Dispose() => _spill.Dispose();

    [Fact]
    public void Nothing_that_a_repository_pushed_and_names_is_ever_gone()
    {
        int removed = 0;
        int waited = 0;
        Gen.ULong.Sample(
            seed =>
            {
                using var world = new World((int)(seed % int.MaxValue), _spill.Path);
                world.Play(steps: 60);
                Interlocked.Add(ref removed, world.Removed);
                Interlocked.Add(ref waited, world.Waited);
                return world.Lost is null ? true : throw new InvalidOperationException(world.Lost);
            },
            iter: s_schedules, threads: 1, seed: "0000KeD2TN12");

        // Schedules in which nothing is removed, or no push ever met a removal, say nothing.
        Assert.True(removed > s_schedules / 8, $"only {removed} objects were removed");
        Assert.True(waited > 0, "no push waited for a removal");
    }

    [Fact]
    public void A_push_that_does_not_look_for_removals_loses_something() =>
        Assert.True(LosesSomething(world => world.ThroughPush = static files => new Blind(files, RemoteSweeps.Folder)));

    [Fact]
    public void A_removal_that_does_not_look_again_loses_something() =>
        Assert.True(LosesSomething(world => world.ThroughRemoval = static files => new Remembering(files)));

    private bool LosesSomething(Action<World> broken)
    {
        for (int seed = 1; seed <= 3000; seed++)
        {
            using var world = new World(seed, _spill.Path);
            broken(world);
            world.Play(steps: 60);
            if (world.Lost is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The remote and those that work in it.</summary>
    private sealed class World : IDisposable
    {
        private static readonly string[] s_objects = [.. Enumerable.Range(0, 3).Select(static i => Convert.ToHexStringLower(SHA256.HashData(BytesOf(i))))];
        private static readonly Dictionary<string, IReadOnlyList<string>> s_noTables = new(StringComparer.Ordinal);

        private readonly Random _random;
        private readonly string _spill;
        private readonly MemoryFiles _store = new();
        private readonly Schedule _schedule;
        private readonly Member[] _members = [new("a"), new("b"), new("c")];

        public World(int seed, string spill)
        {
            _random = new Random(seed);
            _spill = spill;
            _schedule = new Schedule(_random, _store);
        }

        public void Dispose() => _store.Dispose();

        public Func<IRemoteFiles, IRemoteFiles>? ThroughPush { get; set; }

        public Func<IRemoteFiles, IRemoteFiles>? ThroughRemoval { get; set; }

        public int Removed { get; private set; }

        public int Waited { get; private set; }

        public string? Lost { get; private set; }

        public void Play(int steps)
        {
            for (int i = 0; i < steps && Lost is null; i++)
            {
                Member member = _members[_random.Next(_members.Length)];
                switch (_random.Next(12))
                {
                    case < 3 when member.Command is null:
                        // A slice that names what nothing named any more is when it matters.
                        Change(member);
                        Push(member);
                        break;
                    case < 5 when member.Command is null:
                        Push(member);
                        break;
                    case < 9 when member.Command is null:
                        Collect(member);
                        break;
                    case 9 when member.Command is null:
                        Pull(member);
                        break;
                    case > 9:
                        // Days go by only while nobody is at work: a machine that sleeps within a request is no part of this.
                        End();
                        _schedule.Now += TimeSpan.FromHours(_random.Next(1, 200));
                        break;
                }

                for (int step = _random.Next(16); step > 0 && _schedule.Step(); step--)
                {
                    Settle();
                }
            }

            End();
        }

        private static byte[] BytesOf(int i) => Encoding.UTF8.GetBytes($"object {i}");

        private void End()
        {
            _schedule.Finish();
            Settle();
        }

        private void Settle()
        {
            foreach (Member member in _members.Where(static member => member.Command is { Ended: true }))
            {
                if (member.Command!.Succeeded)
                {
                    member.Done?.Invoke();
                }

                (member.Command, member.Done) = (null, null);
            }

            foreach (Member member in _members)
            {
                foreach (string sha256 in member.Pushed.Intersect(member.Needs).Where(sha256 => !_store.Kept.ContainsKey(RemoteObjectStore.PathOf(sha256))))
                {
                    Lost ??= $"repository {member.Id} pushed {sha256[..8]}, names it, and it is gone";
                }
            }
        }

        /// <summary>Slices come and go.</summary>
        private void Change(Member member)
        {
            string sha256 = s_objects[_random.Next(s_objects.Length)];
            if (!member.Needs.Remove(sha256))
            {
                member.Needs.Add(sha256);
            }

            // What comes back has to be pushed again.
            member.Pushed.IntersectWith(member.Needs);
        }

        private Remote Open(IRemoteFiles files) => new(new RemoteSettings { Name = "origin", Url = "memory" }, files, _spill, transfers: 1);

        private RegisteredAtRemote Declare(IRemoteFiles files, Member member, IReadOnlyCollection<string> needs)
        {
            var one = new RegisteredAtRemote(member.Id, member.Id, Timestamp.From(_schedule.Now), needs) { Tables = s_noTables };
            RemoteRegistry.Declare(files, one, CancellationToken.None);
            return one;
        }

        private void Push(Member member)
        {
            string[] needs = [.. member.Needs];
            member.Done = () => member.Pushed.UnionWith(needs);
            member.Command = _schedule.Begin($"push of {member.Id}", ThroughPush, (files, command) =>
            {
                using Remote remote = Open(files);
                _ = Declare(files, member, needs);
                using RemoteUse use = RemoteUse.Begin(files, _schedule, needs, null, Wait, CancellationToken.None);
                IReadOnlyDictionary<string, long> there = remote.Objects.Sizes(needs);
                foreach (string sha256 in needs.Where(sha256 => !there.ContainsKey(sha256)))
                {
                    use.Renew();
                    remote.Objects.Add(Upload.OfBytes(sha256, BytesOf(Array.IndexOf(s_objects, sha256))));
                }

                if (use.HasLapsed())
                {
                    throw new ProcessCutException();
                }

                void Wait(TimeSpan pause, CancellationToken cancellation)
                {
                    // It asks again when its turn comes, whenever that is.
                    Waited++;
                    command.Asked = _schedule.Now;
                    command.Yield();
                }
            });
        }

        private void Collect(Member member)
        {
            string[] needs = [.. member.Needs];
            member.Command = _schedule.Begin($"removal by {member.Id}", ThroughRemoval, (files, _) =>
            {
                using Remote remote = Open(files);
                RegisteredAtRemote own = Declare(files, member, needs);
                var reasons = new ReachableObjects();
                foreach (string sha256 in needs)
                {
                    reasons.Add(sha256, "object", "a slice");
                }

                var sweeper = new RemoteSweeper(remote, _schedule, member.Id, CancellationToken.None);
                Removed += sweeper.Run(() => RemoteLook.At(remote, own, reasons, [], null, TimeSpan.FromDays(3), _schedule.Now, CancellationToken.None), []).Removed.Count;
            });
        }

        /// <summary>What a pull finds has its own bytes; what was removed before it came to it is a plain "not there".</summary>
        private void Pull(Member member)
        {
            string[] needs = [.. member.Needs];
            member.Command = _schedule.Begin($"pull of {member.Id}", null, (files, _) =>
            {
                using Remote remote = Open(files);
                foreach (string sha256 in remote.Objects.Contains(needs))
                {
                    using var content = remote.Objects.TryOpen(sha256, CancellationToken.None);
                    if (content is not null && Convert.ToHexStringLower(SHA256.HashData(content.Stream)) != sha256)
                    {
                        throw new InvalidOperationException($"{sha256} has other bytes");
                    }
                }
            });
        }
    }

    private sealed class Member(string id)
    {
        public string Id => id;

        /// <summary>What its slices name.</summary>
        public HashSet<string> Needs { get; } = new(StringComparer.Ordinal);

        /// <summary>What a push of it that succeeded found there or sent, and it names since.</summary>
        public HashSet<string> Pushed { get; } = new(StringComparer.Ordinal);

        public Schedule.Command? Command { get; set; }

        public Action? Done { get; set; }
    }
}

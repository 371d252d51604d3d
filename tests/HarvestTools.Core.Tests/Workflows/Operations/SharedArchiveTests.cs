using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CsCheck;
using HarvestTools.Archive;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tests.Archive;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows.Operations;

/// <summary>
/// Two repositories with one archive, in which exports are packed, unpacked, set aside and removed while the other works, over as many
/// days as the clock is moved: whatever the order, each slice that is there builds from the archive alone.
/// </summary>
public sealed class SharedArchiveTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1";

    private static readonly Gen<OperationKind> s_kinds = Gen.Frequency(
        (6, Gen.Const(OperationKind.Add)),
        (4, Gen.Const(OperationKind.New)),
        (6, Gen.Const(OperationKind.Gc)),
        (5, Gen.Const(OperationKind.Release)),
        (4, Gen.Const(OperationKind.Remove)),
        (5, Gen.Const(OperationKind.Leave)),
        (4, Gen.Const(OperationKind.MoveClock)),
        (6, Gen.Const(OperationKind.Pack)),
        (2, Gen.Const(OperationKind.Unpack)),
        (1, Gen.Const(OperationKind.Build)),
        (1, Gen.Const(OperationKind.Check)),
        (1, Gen.Const(OperationKind.Push)),
        (1, Gen.Const(OperationKind.Pull)));

    private static readonly Gen<Operation> s_operations = Gen.Select(s_kinds, Gen.Int[0, 1_000], static (kind, choice) => new Operation(kind, choice));

    /// <summary>What each of the two does at the same time; where the flag is not set the second waits for the first.</summary>
    private static readonly Gen<(Operation One, Operation Other, bool AtOnce)[]> s_schedules =
        Gen.Select(s_operations, s_operations, Gen.Bool, static (one, other, atOnce) => (one, other, atOnce)).Array[1, 40];

    [Fact]
    public void Any_schedule_of_two_repositories_leaves_every_slice_whole()
    {
        var samples = OperationSamples.MakeAlike();
        int gone = 0;
        s_schedules.Sample(
            schedule =>
            {
                using var shared = new SharedArchive(samples);
                shared.Begin();
                foreach ((Operation one, Operation other, bool atOnce) in schedule)
                {
                    shared.Run(one, other, atOnce);
                }

                shared.LetGo();
                _ = Interlocked.Add(ref gone, shared.Gone);
                shared.Finish();
            },
            iter: s_long ? 1_000 : 8,
            threads: 1,
            print: static schedule => string.Join(", ", schedule.Select(static step => $"{step.One} {(step.AtOnce ? "||" : ";")} {step.Other}")));
        Assert.True(gone > 0, "nothing that was let go was removed for good");
    }

    [Fact]
    public void Four_processes_of_two_repositories_leave_every_slice_whole_though_some_are_killed()
    {
        var samples = OperationSamples.Make();
        var random = new Random(20_261_129);
        for (int round = 0; round < (s_long ? 40 : 1); round++)
        {
            using var shared = new SharedArchive(samples);
            string gate = Path.Combine(shared.Folder, "gate");
            string[] Arguments(int process) => ["operate", shared.Repositories[process % 2], random.Next(1_000_000).ToString(CultureInfo.InvariantCulture), "25", gate];
            SecondProcess[] processes = [.. Enumerable.Range(0, 4).Select(process => SecondProcess.Start(Arguments(process)))];
            File.WriteAllText(gate, "");
            try
            {
                for (int i = 0; i < processes.Length; i++)
                {
                    _ = i < 2 ? processes[i].KillAfter(TimeSpan.FromMilliseconds(random.Next(50, 900))).Count : processes[i].Finish().Length;
                }
            }
            finally
            {
                Array.ForEach(processes, static process => process.Dispose());
            }

            foreach (string repository in shared.Repositories)
            {
                Assert.Equal("repaired", new Operator(repository, samples).Run(new Operation(OperationKind.Repair, 0)));
            }

            shared.Finish();
        }
    }

    private sealed class SharedArchive : IDisposable
    {
        private readonly OperationSamples _samples;
        private readonly Operator[] _operators;
        private readonly MovingClock _clock = new();

        // Of these the archive may have nothing any more, and a remote all.
        private readonly ConcurrentBag<string> _released = [];

        public SharedArchive(OperationSamples samples)
        {
            _samples = samples;
            Folder = Directory.CreateTempSubdirectory("harvest-shared-").FullName;
            Repositories = [Path.Combine(Folder, "one"), Path.Combine(Folder, "two")];

            // Files are as old as the test: from here on the days of retention go by as the clock is moved.
            _clock.Move(DateTimeOffset.UtcNow.AddDays(400) - _clock.GetUtcNow());
            foreach (string repository in Repositories)
            {
                OperationFolders.Make(repository, samples);
                (Repository.Find(repository).Settings with { Retention = new RetentionSettings { UnlinkedDays = 2, QuarantineDays = 1 } }).Write(Path.Combine(repository, HarvestSettings.FileName));
                File.WriteAllText(Path.Combine(repository, "harvest.local.json"), $"{{ \"archive\": {JsonSerializer.Serialize(Path.Combine(Folder, "archive"))} }}");
            }

            _operators = [.. Repositories.Select((repository, i) => new Operator(repository, samples) { Name = $"m{i}", Clock = _clock })];
        }

        public string Folder { get; }

        /// <summary>How many objects were removed for good after they were let go.</summary>
        public int Gone { get; private set; }

        public string[] Repositories { get; }

        /// <summary>Three weeks, each with a slice of either repository, the first two packed, so that there are patches and what they are against from the beginning.</summary>
        public void Begin()
        {
            for (int week = 1; week <= 3; week++)
            {
                foreach (OperationSample sample in _samples.All.Where(sample => sample.Week == week))
                {
                    int choice = _samples.All.ToList().IndexOf(sample);
                    Run(new Operation(OperationKind.Add, choice), new Operation(OperationKind.Add, choice), atOnce: false);
                }

                Run(new Operation(OperationKind.New, 0), new Operation(week == 2 ? OperationKind.New : OperationKind.Build, 0), atOnce: false);
                Run(new Operation(week == 3 ? OperationKind.Build : OperationKind.Pack, 0), new Operation(OperationKind.MoveClock, 2), atOnce: false);
            }
        }

        public void Run(Operation one, Operation other, bool atOnce)
        {
            Task<string> first = Task.Run(() => Run(0, one));
            if (!atOnce)
            {
                first.Wait();
            }

            Task<string> second = Task.Run(() => Run(1, other));
            bool daysGoBy = atOnce && (one.Kind == OperationKind.MoveClock || other.Kind == OperationKind.MoveClock);
            Require(one, first.GetAwaiter().GetResult(), daysGoBy);
            Require(other, second.GetAwaiter().GetResult(), daysGoBy);
        }

        /// <summary>Lets the exports of the first slice of either go, and once more when their days are over, so that the remotes alone have them.</summary>
        public void LetGo()
        {
            for (int round = 0; round < 2; round++)
            {
                Run(new Operation(OperationKind.Release, 0), new Operation(OperationKind.Release, 0), atOnce: false);
                Run(new Operation(OperationKind.MoveClock, 2), new Operation(OperationKind.MoveClock, 2), atOnce: false);
            }
        }

        /// <summary>Days go by one by one, so that exports are met new, old, in quarantine, and over their days there.</summary>
        private string Run(int repository, Operation operation)
        {
            if (operation.Kind != OperationKind.MoveClock)
            {
                string outcome = _operators[repository].Run(operation);
                if (outcome.StartsWith("released ", StringComparison.Ordinal))
                {
                    _released.Add($"{repository} {outcome.Split(' ')[1]}");
                    Gone += int.Parse(outcome.Split(' ')[3], CultureInfo.InvariantCulture);
                }

                return outcome;
            }

            _clock.Move(TimeSpan.FromDays(1 + (operation.Choice % 3)));
            return "moved";
        }

        /// <summary>No remote helps, but for what was let go: what is needed is in the archive.</summary>
        public void Finish()
        {
            foreach (string folder in Repositories)
            {
                var repository = Repository.Find(folder);
                repository.Offline = true;

                // They would do as well as the archive does.
                _samples.All.Select(sample => Path.Combine(folder, sample.File)).Where(File.Exists).ToList().ForEach(File.Delete);
                if (Directory.Exists(repository.CacheFolder))
                {
                    Folders.Delete(repository.CacheFolder);
                }

                string[] faults = [.. new ArchiveCheck(CheckArchive.Of(repository)) { Threads = 1 }.Run().Where(static finding => finding.IsFault).Select(static finding => finding.Message)];
                Assert.True(faults.Length == 0, string.Join("; ", faults));
                int at = Array.IndexOf(Repositories, folder);
                foreach (string version in repository.Slices.Versions().OrderBy(version => _released.Contains($"{at} {version}")))
                {
                    // What was let go may be gone here: then the remote has it.
                    repository.Offline = !_released.Contains($"{at} {version}");
                    SliceManifest slice = repository.Slices.Load(version);
                    Assert.Equal(
                        slice.Outputs.Select(static output => output.Sha256).Order(),
                        BuildSlice.Run(repository, slice, WorkContext.Default with { Threads = 1 }).Tables.Where(static table => table.Rows > 0).Select(static table => table.Sha256).Order());
                }

                repository.Offline = !_released.Any(one => one.StartsWith($"{at} ", StringComparison.Ordinal));
                Final.Require(repository, _samples, []);
            }
        }

        public void Dispose() => Folders.Delete(Folder);

        /// <summary>
        /// Exports that no slice has may be gone, also from under a command that is to make one; and a push beside which days go by has no
        /// lease any more at its end, which it says.
        /// </summary>
        private static void Require(Operation operation, string outcome, bool daysGoBy) => Assert.True(
            !outcome.StartsWith("error ", StringComparison.Ordinal)
                || (outcome == "error LeaseLapsed" && operation.Kind is OperationKind.Push or OperationKind.Release && daysGoBy)
                || RandomOperationTests.s_expected.Contains($"{outcome} in {operation.Kind}"),
            $"{operation} ends with {outcome}");
    }
}

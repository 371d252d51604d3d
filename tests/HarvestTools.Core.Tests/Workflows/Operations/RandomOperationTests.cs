using System.Globalization;
using CsCheck;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Repositories;
using HarvestTools.Tests.Archive;

namespace HarvestTools.Tests.Workflows.Operations;

/// <summary>
/// Sequences of commands that nobody would think of, with damage, deleted caches and clocks that jump, against a model in memory; and
/// four processes at once, some of them killed. Sequences that fail are made shorter, and the seed that made them is in the message.
/// </summary>
public sealed class RandomOperationTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1";

    // Exports and slices more often than the rest, and then pushes, else most sequences find nothing to work on.
    private static readonly Gen<OperationKind> s_kinds = Gen.Frequency(
        [
            (6, Gen.Const(OperationKind.Add)),
            (4, Gen.Const(OperationKind.New)),
            (2, Gen.Const(OperationKind.Push)),
            (1, Gen.Const(OperationKind.Pull)),
            .. Enum.GetValues<OperationKind>().Where(static kind => kind is > OperationKind.New and not OperationKind.Leave).Select(static kind => (1, (IGen<OperationKind>)Gen.Const(kind))),
        ]);

    private static readonly Gen<Operation[]> s_sequences = Gen.Select(s_kinds, Gen.Int[0, 1_000], static (kind, choice) => new Operation(kind, choice)).Array[1, 25];

    [Fact]
    public void Any_sequence_of_commands_leaves_what_the_model_says()
    {
        var samples = OperationSamples.Make();
        s_sequences.Sample(
            operations =>
            {
                using var model = new OperationModel(samples);
                foreach (Operation operation in operations)
                {
                    model.Run(operation);
                }

                model.Finish();
            },
            iter: s_long ? 3_000 : 40,
            threads: 2,
            print: static operations => string.Join(", ", operations));
    }

    [Fact]
    public void Four_processes_at_once_lose_nothing_that_they_said_was_done_though_some_are_killed()
    {
        var samples = OperationSamples.Make();
        var random = new Random(20_261_128);
        for (int round = 0; round < (s_long ? 60 : 2); round++)
        {
            Round(samples, random);
        }
    }

    private static void Round(OperationSamples samples, Random random)
    {
        string folder = Directory.CreateTempSubdirectory("harvest-operations-").FullName;
        try
        {
            OperationFolders.Make(folder, samples);
            string gate = Path.Combine(folder, "gate");
            string[] Arguments(int seed) => ["operate", folder, seed.ToString(CultureInfo.InvariantCulture), "25", gate];
            SecondProcess[] processes = [.. Enumerable.Range(0, 4).Select(_ => SecondProcess.Start(Arguments(random.Next(1_000_000))))];
            File.WriteAllText(gate, "");
            var said = new List<string>();
            try
            {
                for (int i = 0; i < processes.Length; i++)
                {
                    // Two are killed while they work, two come to their end.
                    said.AddRange(i < 2 ? processes[i].KillAfter(TimeSpan.FromMilliseconds(random.Next(50, 900))) : processes[i].Finish().Split('\n', StringSplitOptions.TrimEntries));
                }
            }
            finally
            {
                Array.ForEach(processes, static process => process.Dispose());
            }

            Assert.True(said.Count >= 50, $"only {said.Count} operations were run");
            Require(folder, samples, said);
        }
        finally
        {
            Folders.Delete(folder);
        }
    }

    private static void Require(string folder, OperationSamples samples, List<string> said)
    {
        string[] Named(string word, int at = 1) => [.. said.Select(static line => line.Split(' ')).Where(line => line[0] == word).Select(line => line[at])];
        SharedRemoteChecks.RequireWholeObjects(folder);
        foreach (string clone in Directory.EnumerateDirectories(folder, "clone-*"))
        {
            SharedRemoteChecks.RequireWholeClone(clone);
        }

        Assert.Equal("repaired", new Operator(folder, samples).Run(new Operation(OperationKind.Repair, 0)));
        SharedRemoteChecks.RequireCloneOfEverything(folder, samples);
        var repository = Repository.Find(folder);
        Final.Require(repository, samples, [.. Named("added"), .. Named("there")]);
        HashSet<string> removed = [.. Named("removed")];
        HashSet<string> present = [.. repository.Slices.Versions()];

        // A killed process may have removed one and not have come to say so; it cannot have removed one with a model.
        HashSet<string> registered = [.. said.Where(static line => line.StartsWith("registered ", StringComparison.Ordinal))];
        foreach (string line in registered)
        {
            string[] words = line.Split(' ');
            Assert.Contains(repository.Slices.Load(words[2]).Runs, run => run.Name == words[1]);
        }

        string[] lost = [.. Named("made").Where(version => !present.Contains(version) && !removed.Contains(version))];
        Assert.True(lost.Length <= 2, $"made and gone, though nobody said to have removed them: {string.Join(' ', lost)}");
        Assert.DoesNotContain(
            said, static line => line.StartsWith("error ", StringComparison.Ordinal) && !s_expected.Contains(line) && !IsOfDeletedFile(line));
    }

    // Each of the processes deletes the cache now and then, and takes files away that it puts back: what is missing is named.
    private static bool IsOfDeletedFile(string line) => line.StartsWith("error FileNotFound in ", StringComparison.Ordinal);

    /// <summary>What a command may end with because another process was faster, or because there is nothing to work on yet.</summary>
    internal static readonly string[] s_expected =
    [
        "error SliceNeeded in Remove",
        "error SliceNotFound in Remove",
        "error SliceNotFound in Build",
        "error SliceNotFound in Check",
        "error SliceNotFound in Register",
        "error SliceNotFound in New",
        "error SliceNotFound in Push",
        "error SliceNotFound in Release",
        "error ReleaseRefused in Release",
        "error NothingToSlice in New",
        "error ExportsNotHere in New",
        "error NewerExportNotHere in New",
        "error ObjectNotFound in Restore",
    ];
}

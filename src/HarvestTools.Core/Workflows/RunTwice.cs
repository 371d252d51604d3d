using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Runs a program twice from the same files, the second time under other conditions, and where its tables differ finds out which of
/// them is the cause: by changing one at a time, and not by guessing.
/// </summary>
internal sealed class RunTwice(ProgramSource source, WorkContext context)
{
    private static readonly RunCondition[] s_all = Enum.GetValues<RunCondition>();

    /// <summary>What came of each program, in the order in which they were run.</summary>
    public List<TwiceResult> Results { get; } = [];

    /// <param name="slice">The slice.</param>
    /// <param name="asked">The definition that has to be trusted, which the step is of.</param>
    /// <param name="step">The step.</param>
    /// <param name="before">The tables of the step before it.</param>
    /// <param name="use">Gets the tables of the first run.</param>
    /// <param name="findings">Receives what is found.</param>
    public T Run<T>(
        SliceManifest slice, HarvestDefinition asked, HarvestDefinition step, IReadOnlyList<ProgramTable> before, Func<IReadOnlyList<ProgramTable>, T> use, List<DriftFinding> findings)
    {
        string run = Guid.NewGuid().ToString("N")[..12];
        int runs = 0;
        using var kept = new KeptTables();
        IReadOnlyList<ProgramTable> first = Once([]);
        TableDifference? difference = Differs(s_all);
        var causes = new List<RunCondition>();
        bool random = false;
        if (difference is not null)
        {
            random = Differs([]) is { } again && (difference = again) is not null;
            causes.AddRange(random ? [] : s_all.Where(condition => Differs([condition]) is not null));
        }

        var result = new TwiceResult(step.FullVersion, runs, [.. causes.Select(static cause => cause.ToString())], difference) { Random = random };
        Results.Add(result);
        if (difference is not null)
        {
            findings.Add(DriftFindings.NotDeterministic(slice, result, causes));
        }

        return use(first);

        IReadOnlyList<ProgramTable> Once(IReadOnlyList<RunCondition> varied)
        {
            runs++;
            string folder = kept.Next();
            return source.RunStep<IReadOnlyList<ProgramTable>>(
                slice, asked, step, before, RunConditions.With(varied, run),
                written => [.. written.Select(table => table with { File = KeptTables.Keep(table.File, folder, table.Path, context.Cancellation) })]);
        }

        TableDifference? Differs(IReadOnlyList<RunCondition> varied)
        {
            try
            {
                return First(first, Once(varied), step.Program!);
            }
            catch (HarvestException fault)
            {
                // It ended well before: that it does not now is a difference too.
                return new TableDifference("", null, null, "ended well", fault.Message.Split('\n')[0]);
            }
        }
    }

    private TableDifference? First(IReadOnlyList<ProgramTable> first, IReadOnlyList<ProgramTable> second, HarvestProgram program)
    {
        foreach (string path in first.Concat(second).Select(static table => table.Path).Distinct().Order(StringComparer.Ordinal))
        {
            ProgramTable? one = first.FirstOrDefault(table => table.Path == path);
            ProgramTable? other = second.FirstOrDefault(table => table.Path == path);
            if (one is null || other is null)
            {
                return new TableDifference(path, null, null, one is null ? null : "a file", other is null ? null : "a file");
            }

            if (program.Identity == ProgramIdentity.Rows ? one.RowsSha256 != other.RowsSha256 : one.Sha256 != other.Sha256)
            {
                return TableDifference.Locate(path, one.File, other.File, program, context.Cancellation);
            }
        }

        return null;
    }
}

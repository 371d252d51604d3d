namespace HarvestTools.Decisions.Statistics;

/// <summary>What the strata of the correction trend test are.</summary>
internal enum Stratification
{
    /// <summary>One stratum: the plain figures.</summary>
    None,
    Task,
    Annotator,
    TaskAndAnnotator,
}

/// <summary>Episodes and corrections as a table of releases by strata.</summary>
internal sealed class CorrectionTable
{
    private readonly double[][] _episodes;
    private readonly double[][] _corrections;
    private readonly double?[][] _squares;

    public CorrectionTable(IReadOnlyList<ReleaseCorrections> releases, Stratification stratification)
    {
        var cells = new Dictionary<(string?, long?), int>();
        foreach (CorrectionStratum stratum in releases.SelectMany(release => release.Strata))
        {
            cells.TryAdd(Cell(stratum, stratification), cells.Count);
        }

        Releases = releases.Count;
        Cells = cells.Count;
        _episodes = Rows<double>();
        _corrections = Rows<double>();
        _squares = Rows<double?>();
        for (int release = 0; release < Releases; release++)
        {
            Array.Fill(_squares[release], 0);
            foreach (CorrectionStratum stratum in releases[release].Strata)
            {
                int cell = cells[Cell(stratum, stratification)];
                _episodes[release][cell] += stratum.Episodes;
                _corrections[release][cell] += stratum.Corrections;
                // One stratum without it leaves the whole cell without it: null + x = null.
                _squares[release][cell] += stratum.Episodes == 0 ? 0 : stratum.SquaredCorrections;
            }
        }
    }

    public int Releases { get; }

    public int Cells { get; }

    public double Episodes(int release, int cell) => _episodes[release][cell];

    public double Corrections(int release, int cell) => _corrections[release][cell];

    /// <summary>Sum over the episodes of their squared corrections; null where unknown.</summary>
    public double? Squares(int release, int cell) => _squares[release][cell];

    public double Episodes(Range releases, int cell) => Sum(_episodes, releases, cell);

    public double Corrections(Range releases, int cell) => Sum(_corrections, releases, cell);

    private static (string? Task, long? Annotator) Cell(CorrectionStratum stratum, Stratification stratification) => (
        stratification is Stratification.Task or Stratification.TaskAndAnnotator ? stratum.TaskSubdir : null,
        stratification is Stratification.Annotator or Stratification.TaskAndAnnotator ? stratum.AnnotatorId : null);

    private static double Sum(double[][] table, Range releases, int cell)
    {
        double sum = 0;
        foreach (double[] row in table.AsSpan(releases))
        {
            sum += row[cell];
        }

        return sum;
    }

    private T[][] Rows<T>()
    {
        var rows = new T[Releases][];
        for (int release = 0; release < Releases; release++)
        {
            rows[release] = new T[Cells];
        }

        return rows;
    }
}

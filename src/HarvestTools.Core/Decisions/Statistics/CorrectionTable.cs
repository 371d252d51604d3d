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

/// <summary>Episodes and corrections as a table of model versions by strata.</summary>
internal sealed class CorrectionTable
{
    private readonly double[][] _episodes;
    private readonly double[][] _corrections;
    private readonly double?[][] _squares;

    public CorrectionTable(IReadOnlyList<VersionCorrections> modelVersions, Stratification stratification)
    {
        var cells = new Dictionary<(string?, string?), int>();
        foreach (CorrectionUnits units in modelVersions.SelectMany(static modelVersion => modelVersion.Work))
        {
            cells.TryAdd(Cell(units, stratification), cells.Count);
        }

        ModelVersions = modelVersions.Count;
        Cells = cells.Count;
        _episodes = Rows<double>();
        _corrections = Rows<double>();
        _squares = Rows<double?>();
        for (int modelVersion = 0; modelVersion < ModelVersions; modelVersion++)
        {
            Array.Fill(_squares[modelVersion], 0);
            foreach (CorrectionUnits units in modelVersions[modelVersion].Work)
            {
                int cell = cells[Cell(units, stratification)];
                _episodes[modelVersion][cell] += units.Episodes;
                _corrections[modelVersion][cell] += units.Corrections;
                // One without it leaves the whole cell without it: null + x = null.
                _squares[modelVersion][cell] += units.Episodes == 0 ? 0 : units.SquaredCorrections;
            }
        }
    }

    public int ModelVersions { get; }

    public int Cells { get; }

    public double Episodes(int modelVersion, int cell) => _episodes[modelVersion][cell];

    public double Corrections(int modelVersion, int cell) => _corrections[modelVersion][cell];

    /// <summary>Sum over the episodes of their squared corrections; null where unknown.</summary>
    public double? Squares(int modelVersion, int cell) => _squares[modelVersion][cell];

    public double Episodes(Range modelVersions, int cell) => Sum(_episodes, modelVersions, cell);

    public double Corrections(Range modelVersions, int cell) => Sum(_corrections, modelVersions, cell);

    private static (string? Task, string? People) Cell(CorrectionUnits units, Stratification stratification) => (
        stratification is Stratification.Task or Stratification.TaskAndAnnotator ? units.TaskSubdir : null,
        stratification is Stratification.Annotator or Stratification.TaskAndAnnotator ? units.People : null);

    private static double Sum(double[][] table, Range modelVersions, int cell)
    {
        double sum = 0;
        foreach (double[] row in table.AsSpan(modelVersions))
        {
            sum += row[cell];
        }

        return sum;
    }

    private T[][] Rows<T>()
    {
        var rows = new T[ModelVersions][];
        for (int modelVersion = 0; modelVersion < ModelVersions; modelVersion++)
        {
            rows[modelVersion] = new T[Cells];
        }

        return rows;
    }
}

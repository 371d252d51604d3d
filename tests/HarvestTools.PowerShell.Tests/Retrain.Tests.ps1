#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $repository = New-TestRepository "$TestDrive/retrain"
    $null = New-Slice v1 -Repository $repository -TrainedAt '2026-05-11'
    $outside = New-Item -ItemType Directory "$TestDrive/outside"
}

Describe 'Get-RetrainDecision' {
    BeforeEach { Push-Location $outside }
    AfterEach { Pop-Location }

    It 'says <Reason>' -ForEach @(
        @{ Figures = @{ CorrectedEpisodes = 7; Corpus = 96; TaskCoverageGini = 0.31; EvalSetChanged = $false }; Decision = 'Wait'; Reason = 'need 10% delta, have 7.3%' }
        @{ Figures = @{ CorrectedEpisodes = 20; Corpus = 96; TaskCoverageGini = 0.31; EvalSetChanged = $false }; Decision = 'Retrain'; Reason = 'ready' }
        @{ Figures = @{ CorrectedEpisodes = 20; Corpus = 96; TaskCoverageGini = 0.61; EvalSetChanged = $false }; Decision = 'Wait'; Reason = 'corrections concentrated in too few tasks' }
        @{ Figures = @{ CorrectedEpisodes = 20; Corpus = 96; TopTaskShare = 0.9; EvalSetChanged = $false }; Decision = 'Wait'; Reason = 'corrections concentrated in too few tasks' }
        @{ Figures = @{ CorrectedEpisodes = 20; Corpus = 96; TaskCoverageGini = 0.31; EvalSetChanged = $true }; Decision = 'Wait'; Reason = 'eval set drifted, pin it before retraining' }
        @{ Figures = @{ CorrectedEpisodes = 1; Corpus = 96; RegressionDetected = $true }; Decision = 'RetrainNow'; Reason = 'pre-annotation quality regressed, ignore the cadence' }
    ) {
        $answer = Get-RetrainDecision @Figures
        $answer.Decision | Should -Be $Decision
        $answer.Reason | Should -Be $Reason
        $answer.ShouldRetrain | Should -Be ($Decision -ne 'Wait')
        $answer.Gates.Name | Should -Be 'Regression', 'Delta', 'Gini', 'TopTaskShare', 'EvalSet'
    }

    It 'takes figures by property name' {
        $answer = [pscustomobject]@{ CorrectedEpisodes = 7; Corpus = 96; EvalSetChanged = $null } | Get-RetrainDecision
        $answer.Reason | Should -Be 'need 10% delta, have 7.3%'
        ($answer.Gates | Where-Object Name -EQ EvalSet).Passed | Should -BeNullOrEmpty
    }

    It 'reads recorded paths where there is no archive, and says what it lacks' {
        $clone = New-Item -ItemType Directory "$TestDrive/clone"
        Copy-Item "$repository/harvest.json", "$repository/slices", "$repository/exports" $clone -Recurse
        $whole = Get-RetrainState -Repository $repository
        $state = Get-RetrainState -Repository $clone
        $state.Corpus | Should -Be $whole.Corpus
        $state.CandidateExports | Should -Be $whole.CandidateExports
        Remove-Item "$clone/.harvest" -Recurse -Force
        Remove-Item "$clone/exports/a1.json"
        { Get-RetrainDecision -Repository $clone } | Should -Throw -ErrorId 'StateNotReadable,*' -PassThru | ForEach-Object {
            "$_" | Should -Match 'of project a \(exports/a1.json\)'
            "$_" | Should -Not -Match 'no corpus'
        }
    }

    It 'decides for the repository where neither a state nor figures are given' {
        Push-Location $repository
        try { $answer = Get-RetrainDecision } finally { Pop-Location }
        $answer.Decision | Should -Be 'Wait'
        $answer.TrainedSlice | Should -Be 'v1'
        (Get-RetrainDecision -Repository $repository).TrainedSlice | Should -Be 'v1'
    }

    It 'writes Markdown and a history on request' {
        $markdown = Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -AsMarkdown -HistoryPath decisions.jsonl
        $markdown | Should -BeOfType string
        $markdown | Should -BeLike '*| Delta |*'
        $null = Get-RetrainDecision -CorrectedEpisodes 20 -Corpus 96 -HistoryPath decisions.jsonl
        (Get-Content decisions.jsonl | ConvertFrom-Json).decision | Should -Be 'Wait', 'Retrain'
    }

    It 'takes thresholds by parameter' {
        (Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -MinDelta 0.05).Decision | Should -Be 'Retrain'
    }

    It 'takes a share as a number or as a percentage, and refuses anything else in plain words' {
        (Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -MinDelta '5%').Gates[1].Threshold | Should -Be 0.05
        (Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -MinDelta 0.2).Gates[1].Threshold | Should -Be 0.2
        $fault = { Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -MinDelta 'a fifth' } | Should -Throw -PassThru
        "$fault" | Should -Match "'a fifth' is not a number. Write a share as 0.2 or as '20%'."
        "$fault" | Should -Not -Match 'System\.'
        (Invoke-Recorded { Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -MinDelta 2 }).Errors[0].FullyQualifiedErrorId | Should -BeLike 'FieldInvalid,*'
    }

    It 'takes the repository''s thresholds' {
        (Get-Content "$repository/harvest.json" -Raw) -replace '"min_delta": 0.1', '"min_delta": 0.05' | Set-Content "$repository/harvest.json" -NoNewline
        (Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96 -Repository $repository).Decision | Should -Be 'Retrain'
        Push-Location $repository
        try { (Get-RetrainDecision -CorrectedEpisodes 7 -Corpus 96).Decision | Should -Be 'Retrain' } finally { Pop-Location }
    }

    It 'refuses figures that cannot be' {
        $result = Invoke-Recorded { Get-RetrainDecision -CorrectedEpisodes -1 -Corpus 96 }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'RetrainStateOutOfRange,HarvestTools.PowerShell.GetRetrainDecisionCommand'
    }
}

Describe 'Get-RetrainState' {
    It 'goes on to the decision, in the repository that it is of' {
        $state = Get-RetrainState -Repository $repository
        $state.TrainedSlice | Should -Be 'v1'
        $state.CorrectedEpisodes | Should -Be 0
        $state.Corpus | Should -BeGreaterThan 0
        Push-Location $outside
        try {
            ($state | Get-RetrainDecision).Decision | Should -Be 'Wait'
        } finally {
            Pop-Location
        }
    }

    It 'counts what was corrected since' {
        $null = New-TestExport "$repository/exports/a2.json" -Tasks 9 -Shift 1 | Add-Export -Project a -Repository $repository
        (Get-RetrainState -Repository $repository).CorrectedEpisodes | Should -BeGreaterThan 0
    }

    It 'survives Export-Clixml as figures' {
        $state = Get-RetrainState -Repository $repository
        $state | Export-Clixml "$TestDrive/state.xml"
        $again = Import-Clixml "$TestDrive/state.xml" | Get-RetrainDecision
        $again.Decision | Should -Be ($state | Get-RetrainDecision).Decision
        $again.CorrectedEpisodes | Should -Be $state.CorrectedEpisodes
    }
}

Describe 'Lock-EvalSet' {
    BeforeAll {
        Push-Location $repository
        $null = New-Item -ItemType Directory 'eval set'
        Set-Content 'eval set/frames.txt' one
    }
    AfterAll { Pop-Location }

    It 'changes nothing with -WhatIf' {
        Lock-EvalSet 'eval set' -WhatIf | Should -BeNullOrEmpty
        (Get-Slice v1).EvalSet | Should -BeNullOrEmpty
    }

    It 'records the hash in the slice that was trained last, and a change shows' {
        $pinned = Lock-EvalSet 'eval set'
        $pinned.Version | Should -Be 'v1'
        $pinned.Path | Should -Be 'eval set'
        $pinned.Changed | Should -BeTrue
        (Lock-EvalSet).Changed | Should -BeFalse
        (Get-Slice v1 | Lock-EvalSet).Changed | Should -BeFalse
        (Get-RetrainState).EvalSetChanged | Should -BeFalse
        Set-Content 'eval set/frames.txt' two
        (Get-RetrainState).EvalSetChanged | Should -BeTrue
    }

    It 'refuses <Path>' -ForEach @(
        @{ Path = 'nowhere'; Id = 'EvalSetNotFound' }
        @{ Path = '..'; Id = 'PathLeavesRepository' }
    ) {
        { Lock-EvalSet $Path } | Should -Throw -ErrorId "$Id,*"
    }
}

Describe 'Get-RetrainDecision over the past' {
    It 'replays each day on which an export was complete, as objects' {
        $days = @(Get-RetrainDecision -Backtest -Repository $repository)
        $days.Count | Should -BeGreaterThan 0
        $days[0].PSObject.TypeNames[0] | Should -Be 'HarvestTools.Workflows.BacktestEntry'
        $days.Decision | Should -BeIn 'Retrain', 'Wait', 'RetrainNow'
        foreach ($day in $days | Where-Object { $_.NextTrainedAt }) { $day.NextSlice | Should -Be 'v1' }
        { Get-RetrainDecision -Backtest -AsMarkdown -Repository $repository } | Should -Throw -ErrorId 'BacktestAlone,*'
        ($days | ConvertTo-Json -Depth 2 | ConvertFrom-Json).Reason | Should -Be $days.Reason
        $days | Out-String | Should -Match 'Decision'
    }

    It 'decides as of a day before anything was trained' {
        $state = Get-RetrainState -AsOf '2001-01-01' -Repository $repository
        $state.Corpus | Should -Be 0
        $state.TrainedSlice | Should -BeNullOrEmpty
        (Get-RetrainDecision -AsOf '2001-01-01' -Repository $repository).Reason | Should -Match 'no corpus'
    }

    It 'takes what labelers report for a regression' {
        $decision = Get-RetrainDecision -ReportedRegression 'wrists are off' -Repository $repository
        $decision.Decision | Should -Be 'RetrainNow'
        $decision.Gates[0].Explanation | Should -Match 'wrists are off'
    }
}

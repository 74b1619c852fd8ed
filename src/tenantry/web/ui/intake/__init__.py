"""The pages of imports."""

from fastapi import APIRouter

router = APIRouter()
